"""What is read off the token states of the encoder beside its vectors."""
