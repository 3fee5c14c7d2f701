"""What can be asked: views folded from the journal, each with its tables, handlers and reads."""
