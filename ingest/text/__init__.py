"""Blocks to text: cleaned with a ledger, told apart by language, split into passages."""
