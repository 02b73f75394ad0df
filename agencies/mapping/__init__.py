"""The mapping of jobs: what is asked of a task, by whom, how two answers are compared, and what is agreed."""
