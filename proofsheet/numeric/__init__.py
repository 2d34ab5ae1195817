"""The bridge between theorems and numbers: lines read on arrays, and the checks that judge a closed form by them."""
