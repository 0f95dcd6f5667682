"""Every noun of the project as a frozen record, the one error tree, and what the rooms hand to each other."""
