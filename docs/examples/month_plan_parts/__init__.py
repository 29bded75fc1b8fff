"""The parts of the month plan: reading a territory, planning its calls, and printing the plan."""
