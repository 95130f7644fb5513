"""The guided form of `care open`: one question on the screen at a time, with what there is to know beside it."""
