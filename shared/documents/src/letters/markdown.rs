//! What Markdown means in a letter, read once for both writers.
//!
//! Raw HTML is text, pictures are their description, and a link leads to the web, to a mailbox
//! or to a telephone, or it is no link. A link alone in its paragraph is a button.

use std::{mem, ops::Range};

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag};

use crate::web_address::next_web_address;

use super::passage::{Block, Inline, Passage, plain};

/// Reads Markdown.
pub(super) fn read(markdown: &str) -> Passage {
    let mut reader = Reader {
        markdown,
        stack: vec![Frame::new(Open::Quote)],
        run: String::new(),
        run_end: 0,
        refused: Vec::new(),
    };
    for (event, range) in Parser::new_ext(markdown, Options::empty()).into_offset_iter() {
        reader.take(event, range);
    }
    reader.end_run();
    let Reader { mut stack, refused, .. } = reader;
    let mut document = stack.pop().unwrap_or_else(|| Frame::new(Open::Quote));
    document.end_paragraph();
    Passage { blocks: document.blocks, refused }
}

/// Deeper than any letter; what is nested deeper lies flat.
const DEPTH_MAX: usize = 12;

enum Open {
    Paragraph,
    Heading,
    Quote,
    List(Option<u64>, Vec<Vec<Block>>),
    Item,
    Strong,
    Emphasis,
    Link(String),
    Flat,
}

struct Frame {
    open: Open,
    blocks: Vec<Block>,
    inlines: Vec<Inline>,
}

struct Reader<'a> {
    markdown: &'a str,
    stack: Vec<Frame>,
    /// Text that stands in the source as it is read: only there are bare addresses links.
    run: String,
    run_end: usize,
    refused: Vec<String>,
}

impl Reader<'_> {
    fn take(&mut self, event: Event<'_>, range: Range<usize>) {
        if let Event::Text(text) = &event {
            return self.take_text(text, range);
        }
        self.end_run();
        match event {
            Event::Start(tag) => self.open(tag),
            Event::End(_) => self.close(),
            Event::Text(text)
            | Event::Code(text)
            | Event::Html(text)
            | Event::InlineHtml(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text)
            | Event::FootnoteReference(text) => self.top().push_text(&text),
            Event::SoftBreak => self.top().push_text(" "),
            Event::HardBreak => self.top().inlines.push(Inline::Break),
            Event::Rule => self.top().push_block(Block::Rule),
            Event::TaskListMarker(_) => {}
        }
    }

    /// An escaped character leaves a gap in the source, so no address is ever seen in a value.
    fn take_text(&mut self, text: &str, range: Range<usize>) {
        let is_as_written = self.markdown.get(range.clone()) == Some(text);
        if !is_as_written || range.start != self.run_end {
            self.end_run();
        }
        self.run.push_str(text);
        self.run_end = range.end;
        if !is_as_written {
            self.end_run();
        }
    }

    fn end_run(&mut self) {
        let run = mem::take(&mut self.run);
        let is_in_link = self.stack.iter().any(|frame| matches!(frame.open, Open::Link(_)));
        let mut rest = run.as_str();
        while !is_in_link && let Some((before, address, after)) = next_web_address(rest) {
            self.top().push_text(before);
            let words = vec![Inline::Text(address.to_owned())];
            self.top().inlines.push(Inline::Link { words, address: address.to_owned() });
            rest = after;
        }
        self.top().push_text(rest);
    }

    fn open(&mut self, tag: Tag<'_>) {
        let open = match tag {
            Tag::Item => Open::Item,
            _ if DEPTH_MAX < self.stack.len() => Open::Flat,
            Tag::Paragraph | Tag::CodeBlock(_) | Tag::HtmlBlock => Open::Paragraph,
            Tag::Heading { .. } => Open::Heading,
            Tag::BlockQuote(_) => Open::Quote,
            Tag::List(first) => Open::List(first, Vec::new()),
            Tag::Emphasis => Open::Emphasis,
            Tag::Strong => Open::Strong,
            Tag::Link { link_type: LinkType::Email, dest_url, .. } => {
                Open::Link(format!("mailto:{dest_url}"))
            }
            Tag::Link { dest_url, .. } if may_be_followed(&dest_url) => {
                Open::Link(dest_url.into_string())
            }
            Tag::Link { dest_url, .. } => {
                self.refused.push(dest_url.into_string());
                Open::Flat
            }
            Tag::Image { .. }
            | Tag::FootnoteDefinition(_)
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::Table(_)
            | Tag::TableHead
            | Tag::TableRow
            | Tag::TableCell
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript
            | Tag::MetadataBlock(_) => Open::Flat,
        };
        self.stack.push(Frame::new(open));
    }

    fn close(&mut self) {
        let Some(mut frame) = self.stack.pop() else { return };
        let parent = self.top();
        match frame.open {
            Open::Paragraph => parent.push_block(paragraph(frame.inlines)),
            Open::Heading => parent.push_block(Block::Heading(frame.inlines)),
            Open::Quote => {
                frame.end_paragraph();
                parent.push_block(Block::Quote(frame.blocks));
            }
            Open::List(first, items) => parent.push_block(Block::List { first, items }),
            Open::Item => {
                frame.end_paragraph();
                match &mut parent.open {
                    Open::List(_, items) => items.push(frame.blocks),
                    Open::Paragraph
                    | Open::Heading
                    | Open::Quote
                    | Open::Item
                    | Open::Strong
                    | Open::Emphasis
                    | Open::Link(_)
                    | Open::Flat => parent.blocks.extend(frame.blocks),
                }
            }
            Open::Strong => parent.inlines.push(Inline::Strong(frame.inlines)),
            Open::Emphasis => parent.inlines.push(Inline::Emphasis(frame.inlines)),
            Open::Link(address) => {
                parent.inlines.push(Inline::Link { words: frame.inlines, address });
            }
            Open::Flat => {
                parent.inlines.extend(frame.inlines);
                parent.blocks.extend(frame.blocks);
            }
        }
    }

    fn top(&mut self) -> &mut Frame {
        if self.stack.is_empty() {
            self.stack.push(Frame::new(Open::Quote));
        }
        self.stack.last_mut().expect("the document's own frame is never closed")
    }
}

impl Frame {
    fn new(open: Open) -> Self {
        Self { open, blocks: Vec::new(), inlines: Vec::new() }
    }

    fn push_text(&mut self, text: &str) {
        for (at, line) in text.split('\n').enumerate() {
            if 0 < at {
                self.inlines.push(Inline::Break);
            }
            match self.inlines.last_mut() {
                _ if line.is_empty() => {}
                Some(Inline::Text(words)) => words.push_str(line),
                Some(
                    Inline::Strong(_) | Inline::Emphasis(_) | Inline::Link { .. } | Inline::Break,
                )
                | None => self.inlines.push(Inline::Text(line.to_owned())),
            }
        }
    }

    fn push_block(&mut self, block: Block) {
        self.end_paragraph();
        self.blocks.push(block);
    }

    /// In a tight list the words of an item stand in no paragraph of their own.
    fn end_paragraph(&mut self) {
        if !self.inlines.is_empty() {
            self.blocks.push(paragraph(mem::take(&mut self.inlines)));
        }
    }
}

fn paragraph(mut inlines: Vec<Inline>) -> Block {
    while inlines.last() == Some(&Inline::Break) {
        inlines.pop();
    }
    if let [Inline::Link { words, address }] = inlines.as_slice()
        && plain(words) != *address
    {
        return Block::Button { words: plain(words), address: address.clone() };
    }
    Block::Paragraph(inlines)
}

fn may_be_followed(address: &str) -> bool {
    ["https://", "http://", "mailto:", "tel:"].iter().any(|scheme| address.starts_with(scheme))
}
