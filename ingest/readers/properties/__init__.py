"""What a file says of itself: title, authors, date, each with where it stands; no roles, accounts or guesses."""
