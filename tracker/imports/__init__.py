"""Reading foreign files into the register: read, plan (a dry run), apply all or nothing."""
