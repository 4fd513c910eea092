use std::fmt::Write as _;

use super::{
    Answer, AnswerSheet, AnswerText, Section, answers_pdf, clean, compose, look,
    piece::{Composed, Piece, Role},
};

#[test]
fn the_same_sheet_gives_the_same_bytes() {
    let sheet = sheet(vec![given("How are you?", "Well, thank you. شكراً. 谢谢。")]);
    assert_eq!(answers_pdf(&sheet).unwrap(), answers_pdf(&sheet).unwrap());
}

#[test]
fn the_document_is_tagged_for_everyone() {
    let pdf = check_pdf(&sheet(vec![given("How are you?", "Well, thank you.")]));
    assert!(pdf.starts_with(b"%PDF-1.7"));
    let promises =
        ["/StructTreeRoot", "/MarkInfo", "/Lang(en)", "/DisplayDocTitle true", "/Outlines"];
    for promise in promises {
        assert!(contains(&pdf, promise), "{promise} is missing");
    }
    // A date would make the bytes differ from one day to the next.
    assert!(!contains(&pdf, "CreationDate"));
}

#[test]
fn every_script_is_shown_as_it_was_written() {
    check_shown("Latin, with Ærøskøbing, final ligatures, Đặng Thị Hương", false);
    check_shown("Съешь же ещё этих мягких французских булок", false);
    check_shown("Ξεσκεπάζω την ψυχοφθόρα βδελυγμία", false);
    check_shown("أود أن أتحدث عن الاتصال، خصوصاً في 2026 (very hard)", true);
    check_shown("אני רוצה לדבר על הָעבודה, ועל השינה (stress!)", true);
    check_shown("我想谈谈工作和睡眠的问题。", false);
    check_shown("仕事と睡眠について相談したいです。カタカナも。", false);
    check_shown("Better now 🙂 👨‍👩‍👧 🇵🇹 → ✓ ½ € №", false);
}

#[test]
fn what_no_font_has_is_marked_and_said_so() {
    let composed = compose::compose(&sheet(vec![given("Q", "한국어 ok")])).unwrap();
    let texts = answer_texts(&composed);
    assert_eq!(texts[0], "□□□ ok");
    assert!(texts[1].contains("could not be printed"), "{texts:?}");
}

#[test]
fn an_unanswered_question_says_so() {
    let open = Answer { question: "Q", answer: AnswerText::NotGiven };
    let no_choice =
        Answer { question: "Q", answer: AnswerText::Choices(vec![" ".into(), "".into()]) };
    let answers = vec![open, no_choice, given("Q", " \n\t\u{200b}"), given("Q", "")];
    let composed = compose::compose(&sheet(answers)).unwrap();
    assert_eq!(answer_texts(&composed), ["Not answered"; 4]);
}

#[test]
fn empty_labels_do_not_break_the_tags() {
    let mut empty = sheet(vec![given("", "one"), given("\u{200b}", "two")]);
    for text in [&mut empty.practice, &mut empty.title, &mut empty.client, &mut empty.language] {
        *text = "";
    }
    empty.facts = vec![("", String::new()), ("", "value".to_owned()), ("label", String::new())];
    empty.sections[0].heading = Some(" ");
    check_pdf(&empty);
    empty.sections.clear();
    check_pdf(&empty);
}

#[test]
fn headings_nest_without_gaps() {
    let mut sheet = sheet(vec![given("Named", "one")]);
    sheet.sections.push(Section { heading: None, answers: vec![given("Unnamed", "two")] });
    let composed = compose::compose(&sheet).unwrap();
    let levels = composed.pieces.iter().filter(|piece| {
        let (title, in_section) = (String::from("Unnamed"), false);
        piece.role == Role::Question { text: title, in_section }
    });
    assert_eq!(levels.count(), 1, "a question without a section stands where a section would");
    check_pdf(&sheet);
}

#[test]
fn a_long_answer_flows_over_pages_and_is_cut_at_the_limit() {
    let long = "The sea was calm and nobody said a word about it. ".repeat(500);
    let sheet = sheet(vec![given("Q", &long)]);
    let composed = compose::compose(&sheet).unwrap();
    assert!(5 <= composed.pages.len(), "{} pages", composed.pages.len());
    let texts = answer_texts(&composed);
    assert_eq!(texts[0].trim_end().len(), 20_000 - 1);
    assert!(texts[1].contains("cut off"), "{}", texts[1]);
    check_pdf(&sheet);
}

#[test]
fn an_answer_of_line_breaks_alone_is_bounded() {
    let composed = compose::compose(&sheet(vec![given("Q", &"x\n".repeat(10_000))])).unwrap();
    assert_eq!(answer_texts(&composed).len(), 2_001);
}

#[test]
fn no_heading_and_no_line_stands_alone() {
    // Answers of every length push every kind of line to the foot of a page.
    let texts: Vec<String> =
        (0..60).map(|n| "word after word, and so on; ".repeat(1 + n * 7 % 23)).collect();
    let mut sheet = sheet(Vec::new());
    for chunk in texts.chunks(5) {
        let answers = chunk.iter().map(|text| given("A question of moderate length?", text));
        sheet.sections.push(Section { heading: Some("Part"), answers: answers.collect() });
    }
    let composed = compose::compose(&sheet).unwrap();
    assert!(8 <= composed.pages.len());
    for page in &composed.pages {
        let (first, last) = (page.lines.first().unwrap(), page.lines.last().unwrap());
        let (opening, closing) = (&composed.pieces[first.piece], &composed.pieces[last.piece]);
        assert!(!closing.role.keeps_with_next(), "a page ends with {:?}", closing.role);
        let lines_left = opening.paragraph.lines.len() - first.line;
        assert!(first.line == 0 || 2 <= lines_left, "a page begins with a last line");
        let is_finished = last.line + 1 == closing.paragraph.lines.len();
        assert!(is_finished || 1 <= last.line, "a page ends with a first line");
        assert!(last.top + closing.paragraph.look.leading <= look::BODY_BOTTOM);
    }
}

#[test]
fn every_line_is_placed_once_and_in_order() {
    let long = "a line\nand another\n\nand a third ".repeat(100);
    let composed = compose::compose(&sheet(vec![given("Q", &long), given("R", &long)])).unwrap();
    let placed = composed.pages.iter().flat_map(|page| &page.lines);
    let expected =
        composed.pieces.iter().enumerate().flat_map(|(index, piece)| {
            (0..piece.paragraph.lines.len()).map(move |line| (index, line))
        });
    assert!(placed.map(|placed| (placed.piece, placed.line)).eq(expected));
}

#[test]
fn hostile_text_is_harmless() {
    check_clean("\u{0}\u{7}bell\u{1b}[31m", Some("bell[31m"));
    check_clean("photo\u{202e}gnp.exe", Some("photognp.exe"));
    check_clean("\u{2066}a\u{2069}\u{202a}b\u{202c}\u{feff}", Some("ab"));
    check_clean("a\tb\r\nc", Some("a b c"));
    check_clean("\u{e000}\u{f8ff}\u{10fffd}", Some("□□□"));
    check_clean("ﬁnal eﬀort", Some("final effort"));
    check_clean("\u{fffe}\u{ffff}\u{1fffe}\u{fdd0}", None);
    check_clean("\u{302e}\u{e0041}", None);
    check_clean("\u{202e}\u{2028}\u{200d}", None);
    check_clean(&format!("e{}f", "\u{301}".repeat(50)), Some("e\u{301}\u{301}\u{301}\u{301}f"));
    let hostile = [
        "값\u{302e}값\u{302f}",
        "\u{1c}\u{1d}א\u{1e}\u{2029}ש",
        "<script>alert(1)</script> &amp; ]]> (%s) \\) /Type endstream endobj",
        "a\u{5b0}\u{64b}漢\u{301}\u{20dd}ب\u{345}🙂\u{fe0e}\u{200d}\u{200d}☠",
        "\u{301}\u{302}\u{303}",
        "\u{200e}\u{200f}\u{61c}.",
        "لا\u{200d}\u{200c}لله ﷺ ﷽ \u{640}\u{651}\u{651}",
        "คำ ไทย हिन्दी ខ្មែរ ⵣ 𝕏 𓀀 \u{1f468}\u{200d}\u{1f469}",
        "\u{ad}\u{ad}\u{2060}a\u{ad}b",
        "\u{fffc}\u{fffd}\u{2fff}\u{3000}\u{1680}\u{115f}\u{3164}",
    ];
    let mut answers: Vec<Answer<'_>> = hostile.iter().map(|text| given(text, text)).collect();
    answers.push(Answer {
        question: "Q",
        answer: AnswerText::Choices(hostile.iter().map(|text| (*text).into()).collect()),
    });
    for text in hostile {
        let mut sheet = sheet(vec![given(text, text)]);
        (sheet.practice, sheet.title, sheet.client) = (text, text, text);
        sheet.facts = vec![(text, text.to_owned())];
        sheet.language = text;
        check_pdf(&sheet);
    }
    check_pdf(&sheet(answers));
}

#[test]
fn a_megabyte_in_every_place_stays_small() {
    let huge = "a".repeat(1_000_000);
    let mut sheet = sheet(vec![given(&huge, &huge)]);
    (sheet.practice, sheet.title, sheet.client) = (&huge, &huge, &huge);
    sheet.facts = vec![(&huge, huge.clone())];
    sheet.sections[0].heading = Some(&huge);
    let composed = compose::compose(&sheet).unwrap();
    assert!(composed.pages.len() < 12, "{} pages", composed.pages.len());
}

#[test]
fn two_hundred_strings_of_chance_are_harmless() {
    let mut chance = Chance(0x5eed);
    let texts: Vec<String> = (0..200).map(|_| chance.text()).collect();
    for chunk in texts.chunks(25) {
        check_pdf(&sheet(chunk.iter().map(|text| given(text, text)).collect()));
    }
}

fn sheet(answers: Vec<Answer<'_>>) -> AnswerSheet<'_> {
    AnswerSheet {
        practice: "Harbour Coaching",
        accent: [0x1f, 0x6f, 0x78],
        title: "Before we begin",
        client: "Inês Carvalho",
        facts: vec![("Completed", "Friday 20 November 2026, 21:07".to_owned())],
        sections: vec![Section { heading: Some("About you"), answers }],
        language: "en",
    }
}

fn given<'a>(question: &'a str, answer: &'a str) -> Answer<'a> {
    Answer { question, answer: AnswerText::Given(answer.into()) }
}

fn answer_texts(composed: &Composed) -> Vec<&str> {
    let answers = composed.pieces.iter().filter(|piece| piece.role.is_answer());
    answers.map(|piece| piece.paragraph.text.as_str()).collect()
}

/// Writes the sheet and sees that it kept the strict promise, not only the lesser one.
#[track_caller]
fn check_pdf(sheet: &AnswerSheet<'_>) -> Vec<u8> {
    let pdf = answers_pdf(sheet).unwrap();
    assert!(contains(&pdf, "pdfuaid:part"), "this sheet is not PDF/UA");
    pdf
}

/// Sees that nothing of `text` is lost or marked, on the page or when copied from it.
#[track_caller]
fn check_shown(text: &str, is_rtl: bool) {
    let sheet = sheet(vec![given(text, text)]);
    let composed = compose::compose(&sheet).unwrap();
    let is_answer = |piece: &&Piece| piece.role.is_answer();
    let paragraph = &composed.pieces.iter().find(is_answer).unwrap().paragraph;
    assert_eq!(paragraph.text, text);
    assert!(!paragraph.has_gaps);
    assert_eq!(paragraph.is_rtl, is_rtl);
    let runs = paragraph.lines.iter().flat_map(|line| &line.runs);
    let ranges: Vec<_> =
        runs.flat_map(|run| &run.glyphs).map(krilla::text::Glyph::text_range).collect();
    for (index, c) in text.char_indices() {
        let is_copied = ranges.iter().any(|range| range.contains(&index));
        assert!(is_copied, "{c:?} of {text:?} has no glyph");
    }
    check_pdf(&sheet);
}

#[track_caller]
fn check_clean(raw: &str, expected: Option<&str>) {
    let cleaned = clean::answer(raw).map(|answer| {
        let lines: Vec<String> =
            answer.paragraphs.into_iter().map(|paragraph| paragraph.text).collect();
        lines.join(" ")
    });
    assert_eq!(cleaned.as_deref(), expected);
    assert_eq!(clean::label(raw, 100).as_deref(), expected);
}

fn contains(pdf: &[u8], needle: &str) -> bool {
    pdf.windows(needle.len()).any(|window| window == needle.as_bytes())
}

/// A small generator (xorshift) that says the same thing on every machine.
struct Chance(u32);

impl Chance {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0 % limit
    }

    /// A text of characters from places that have made trouble before.
    fn text(&mut self) -> String {
        const BLOCKS: [(u32, u32); 16] = [
            (0x00, 0x7f),
            (0x80, 0x180),
            (0x2b0, 0x130),
            (0x400, 0x100),
            (0x590, 0x70),
            (0x600, 0x100),
            (0x900, 0x80),
            (0xe00, 0x80),
            (0x1100, 0x100),
            (0x2000, 0x70),
            (0x20d0, 0x30),
            (0x3000, 0x100),
            (0xac00, 0x200),
            (0xfb50, 0x2b0),
            (0x1f300, 0x400),
            (0x0, 0x11_0000),
        ];
        let mut text = String::new();
        for _ in 0..=self.below(60) {
            let (start, len) = BLOCKS[self.below(16) as usize];
            // Gaps in the code space simply give a shorter text.
            if let Some(c) = char::from_u32(start + self.below(len)) {
                text.write_char(c).unwrap();
            }
        }
        text
    }
}
