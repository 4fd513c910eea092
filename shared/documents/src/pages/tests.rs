//! Every page, as a reader and a screen reader get it.
