"""What may be: the law as dated rules, the engine that judges jobs by them, and the pages that show outcomes."""
