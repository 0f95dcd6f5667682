"""Every sentence that is said to people, in both languages."""
