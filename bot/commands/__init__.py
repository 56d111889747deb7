"""The commands of `wachbuch`, one module each. They import the heavy parts when they run, since `--help` must be quick."""
