"""E-mails and pages saved as one file: their body, who sent them and when, and what is attached."""
