"""What the pages show, put together as frozen dataclasses: views fetch and templates only lay out."""
