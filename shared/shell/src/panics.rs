//! What a panic may say.

/// From now on a panic is told by its place alone: its words may quote what somebody has typed.
pub fn tell_panics_by_their_place() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "a panic: a mistake of ours, at this place");
    }));
}
