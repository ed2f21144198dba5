"""What people type: arguments and options of each group of commands, and nothing more."""
