"""What was done: the tamper-evident trail of every act, and the inspector's work on it."""
