//! Lines of text that surely are not wanted, by their time and by who speaks, are left out.
//!
//! Only a line with a usual head is judged. Every other line stays, and so do its neighbours: it may go on the one
//! before, or the next on it. Who is wanted, the caller decides, once for each name.

use crate::grammar::*;
use crate::lines::{holds, line_length};
use crate::tables::time_of;
use std::collections::HashMap;
use std::ops::Range;

const OFFSET: &[u8] = b"+00:00 ";
const MOST_NAMES: usize = 10_000; // ours: the lines of further ones stay

pub struct Sieve {
    pub since: i64, // microseconds since 1970, included, as `until` is
    pub until: i64,
    pub by_name: bool,
    pub by_dyno: bool, // whether a router's line is of the dyno that it speaks of
    needle: Vec<u8>, // stands in each wanted line
    names: HashMap<Vec<u8>, bool>,
    pub kept: Vec<u8>,
    pub unknown: Vec<u8>, // names, each ended by LF
}

enum Verdict {
    Unusual,
    MayBeWanted,
    Unwanted,
}

impl Sieve {
    pub fn new(since: i64, until: i64, by_name: bool, by_dyno: bool) -> Self {
        Sieve {
            since,
            until,
            by_name,
            by_dyno,
            needle: Vec::new(),
            names: HashMap::new(),
            kept: Vec::new(),
            unknown: Vec::new(),
        }
    }

    /// Leave out lines without a text.
    pub fn look_for(&mut self, needle: &[u8]) -> Option<i64> {
        self.needle = copied(needle)?;
        Some(0)
    }

    /// Remember whether a name is wanted.
    pub fn learn(&mut self, name: &[u8], is_wanted: bool) -> Option<i64> {
        let key = copied(name)?;
        self.names.try_reserve(1).ok()?;
        self.names.insert(key, is_wanted);
        Some(0)
    }

    /// Reads whole lines. Those that may be wanted are `kept`, with the first line and the last; names that are not
    /// known are `unknown`, and their lines are kept. Returns the number of bytes that are kept.
    pub fn read(&mut self, text: &[u8]) -> Option<i64> {
        self.kept.clear();
        self.unknown.clear();
        self.kept.try_reserve(text.len()).ok()?;
        let mut left_out = 0..0; // the line before, if that is not kept
        let mut keeps_next = true;
        let mut start = 0;
        while start < text.len() {
            let end = start + line_length(&text[start..])? + 1;
            let line = start..end;
            start = end;
            let verdict = self.judged(&text[line.clone()])?;
            let is_unusual = matches!(verdict, Verdict::Unusual);
            if is_unusual {
                self.keep(text, &left_out);
            }
            if keeps_next || !matches!(verdict, Verdict::Unwanted) {
                self.keep(text, &line);
                left_out = 0..0;
            } else {
                left_out = line;
            }
            keeps_next = is_unusual;
        }
        self.keep(text, &left_out);
        i64::try_from(self.kept.len()).ok()
    }

    fn keep(&mut self, text: &[u8], line: &Range<usize>) {
        self.kept.extend_from_slice(&text[line.clone()]); // for which there is room
    }

    fn judged(&mut self, line: &[u8]) -> Option<Verdict> {
        let mut g = [usize::MAX; 2 * HEAD_GROUPS];
        let end = match head(line, 0, &mut g) {
            Some(end) if line.len() <= LONGEST && !holds(&line[end..], OFFSET) => end,
            _ => return Some(Verdict::Unusual),
        };
        let time = match time_of(&line[g[0]..g[1]]) {
            Some(time) => time,
            None => return Some(Verdict::Unusual),
        };
        if time < self.since || time > self.until || !holds(line, &self.needle) {
            return Some(Verdict::Unwanted);
        }
        if !self.by_name {
            return Some(Verdict::MayBeWanted);
        }
        let speaker = &line[g[2]..g[3]];
        if self.by_dyno && speaker == b"heroku[router]" {
            return match routed_to(line, end) {
                Some(dyno) => self.of_name(&[speaker, b" ", dyno]),
                None => Some(Verdict::MayBeWanted),
            };
        }
        self.of_name(&[speaker])
    }

    fn of_name(&mut self, parts: &[&[u8]]) -> Option<Verdict> {
        let mut name = [0; 256];
        let mut n = 0;
        for part in parts {
            match name.get_mut(n..n + part.len()) {
                Some(room) => room.copy_from_slice(part),
                None => return Some(Verdict::MayBeWanted),
            }
            n += part.len();
        }
        match self.names.get(&name[..n]) {
            Some(false) => return Some(Verdict::Unwanted),
            None if self.names.len() < MOST_NAMES => {
                self.learn(&name[..n], true)?; // until the caller has decided
                self.unknown.try_reserve(n + 1).ok()?;
                self.unknown.extend_from_slice(&name[..n]);
                self.unknown.push(b'\n');
            }
            _ => {}
        }
        Some(Verdict::MayBeWanted)
    }
}

fn copied(text: &[u8]) -> Option<Vec<u8>> {
    let mut copy = Vec::new();
    copy.try_reserve_exact(text.len()).ok()?;
    copy.extend_from_slice(text);
    Some(copy)
}

/// The dyno that a router's line is about. None where the line is not of the usual form.
fn routed_to(line: &[u8], head_end: usize) -> Option<&[u8]> {
    let mut g = [usize::MAX; 2 * ROUTED_GROUPS];
    let words = line.get(head_end..)?;
    let end = routed(words, 0, &mut g)?;
    words.get(end..).filter(|rest| *rest == b"\n")?;
    words.get(g[2 * ROUTED_TO - 2]..g[2 * ROUTED_TO - 1])
}
