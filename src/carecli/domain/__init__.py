"""The rules, as pure functions over values: no clock is read here and no file opened."""
