"""Many cases in a grid: written, exchanged as spreadsheets, run, and run again after each change."""
