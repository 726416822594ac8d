"""In which order tests ran, and which of them another one needs in order to fail. Runs nothing itself."""
