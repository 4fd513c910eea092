//! Making text harmless before it meets the text engine or a reader.
//!
//! Control characters and the invisible marks that reorder text (so that `exe.png` is really
//! `gnp.exe`) go, what nothing can show becomes `□`, and everything has a greatest length.

/// Stands for a character that cannot be shown.
pub(super) const UNSHOWN: char = '□';
/// Longer answers are cut, with a note.
const ANSWER_CHARS_MAX: usize = 20_000;
/// So are answers of very many lines: 20 000 line breaks alone would fill 400 pages.
const ANSWER_LINES_MAX: usize = 2_000;
/// More than any script needs on one letter; a tower of marks would cover the lines around it.
const MARKS_MAX: usize = 4;

/// An answer, ready to be set.
#[derive(Debug)]
pub(super) struct CleanAnswer {
    /// Never blank.
    pub(super) paragraphs: Vec<CleanParagraph>,
    /// Whether something was cut off.
    pub(super) shortened: bool,
}

/// One line of the client's own making.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CleanParagraph {
    pub(super) text: String,
    /// Whether the client left an empty line before it.
    pub(super) spaced: bool,
}

/// Cleans what a client wrote, keeping its line breaks. `None` if nothing visible is left.
pub(super) fn answer(raw: &str) -> Option<CleanAnswer> {
    let end = raw.char_indices().nth(ANSWER_CHARS_MAX).map_or(raw.len(), |(index, _)| index);
    let cleaned = clean(&raw[..end]);
    let mut paragraphs = Vec::new();
    let mut spaced = false;
    let mut shortened = end < raw.len();
    for line in cleaned.lines() {
        let text = line.trim();
        if is_blank(text) {
            spaced = !paragraphs.is_empty();
            continue;
        }
        if paragraphs.len() == ANSWER_LINES_MAX {
            shortened = true;
            break;
        }
        paragraphs.push(CleanParagraph { text: text.to_owned(), spaced });
        spaced = false;
    }
    (!paragraphs.is_empty()).then_some(CleanAnswer { paragraphs, shortened })
}

/// Cleans a label: one line, no double spaces, at most `chars_max` long. `None` if nothing visible
/// is left.
pub(super) fn label(raw: &str, chars_max: usize) -> Option<String> {
    // Nothing longer than this can survive, so a hostile megabyte costs no time.
    let head: String = raw.chars().take(chars_max * 2).collect();
    let words = clean(&head).split_whitespace().collect::<Vec<_>>().join(" ");
    if is_blank(&words) {
        return None;
    }
    let is_complete = words.chars().count() <= chars_max && head.len() == raw.len();
    if is_complete {
        return Some(words);
    }
    let mut cut: String = words.chars().take(chars_max - 1).collect();
    cut.truncate(cut.trim_end().len());
    cut.push('…');
    Some(cut)
}

/// A language tag a reader's voice can rely on; English if it is not one.
pub(super) fn language(raw: &str) -> String {
    let is_tag =
        (2..=35).contains(&raw.len()) && raw.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if is_tag { raw.to_owned() } else { "en".to_owned() }
}

/// Whether a character shows nothing but steers its neighbours; fonts need not know it.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}'
        | '\u{fe00}'..='\u{fe0f}')
}

fn clean(raw: &str) -> String {
    let mut cleaned = String::with_capacity(raw.len());
    let mut marks = 0;
    let unified = raw.replace("\r\n", "\n");
    for c in unified.chars().filter_map(clean_char) {
        marks = if is_mark(c) { marks + 1 } else { 0 };
        if MARKS_MAX < marks {
            continue;
        }
        match spelled_out(c) {
            Some(letters) => cleaned.push_str(letters),
            None => cleaned.push(c),
        }
    }
    cleaned
}

fn clean_char(c: char) -> Option<char> {
    match c {
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
        '\t' => Some(' '),
        // Embeddings, overrides and isolates: they make text read in another order than it is.
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        // Obsolete format characters, the byte order mark, annotations, invisible tags.
        | '\u{206a}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}'
        // Hangul tone marks: parley 0.12 panics on them after a Hangul syllable.
        | '\u{302e}' | '\u{302f}'
        // Not characters at all, like the last two of every plane below.
        | '\u{fdd0}'..='\u{fdef}' => None,
        '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}' => Some(UNSHOWN),
        _ if c.is_control() || u32::from(c) & 0xfffe == 0xfffe => None,
        _ => Some(c),
    }
}

/// The joined letters that come along when text is pasted from another PDF; our fonts join letters
/// by themselves and do not have these.
fn spelled_out(c: char) -> Option<&'static str> {
    match c {
        'ﬀ' => Some("ff"),
        'ﬁ' => Some("fi"),
        'ﬂ' => Some("fl"),
        'ﬃ' => Some("ffi"),
        'ﬄ' => Some("ffl"),
        'ﬅ' | 'ﬆ' => Some("st"),
        _ => None,
    }
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}'
        | '\u{64b}'..='\u{65f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_invisible(c))
}
