"""The parts of bench/bench."""
