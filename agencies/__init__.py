"""What is judged: institutions, agencies, positions, tasks, services, people, and how their facts came about."""
