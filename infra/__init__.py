"""What stands around the application: its package, its stack, the local run, the command line."""
