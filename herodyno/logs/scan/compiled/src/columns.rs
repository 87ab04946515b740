//! Columns that grow: texts, each ended by LF, and numbers. Each addition fails where there is no memory.

use crate::grammar::*;
use crate::names::Names;
use crate::lines::line_length;
use crate::times::STAMP_LENGTH;
use std::collections::HashMap;
use std::hash::Hash;

pub struct Columns {
    pub texts: [Vec<u8>; TEXTS],
    pub numbers: [Vec<i64>; NUMBERS],
    pub names: [Names; 7], // of the requests that wait
    pub most_last_lines: usize, // above that many, those that are no more among the newest are dropped
}

impl Default for Columns {
    fn default() -> Self {
        Columns {
            texts: std::array::from_fn(|_| Vec::new()),
            numbers: std::array::from_fn(|_| Vec::new()),
            names: Default::default(),
            most_last_lines: 0,
        }
    }
}

impl Columns {
    /// Forgets the values of a block, and keeps the memory for the next ones.
    pub fn clear(&mut self) {
        self.texts[..OWN_DYNOS].iter_mut().for_each(Vec::clear);
        self.numbers[..OWN_REQUESTS].iter_mut().for_each(Vec::clear);
    }

    /// Finds the earliest and the latest stamp of a block, the lines of apps without those that are left out.
    pub fn find_ends(&mut self) -> Option<()> {
        let mut ends: Option<(&[u8], &[u8])> = None;
        for column in [
            SPANS_FIRSTS, SPANS_LASTS, FAILED_SPANS_FIRSTS, FAILED_SPANS_LASTS, SAMPLED_FIRSTS, SAMPLED_LASTS,
            SPEAKERS_FIRSTS, SPEAKERS_LASTS,
        ] {
            for stamp in stamps(&self.texts[column])? {
                let (first, last) = ends.unwrap_or((stamp, stamp));
                ends = Some((stamp.min(first), stamp.max(last)));
            }
        }
        let mut column = Vec::new();
        if let Some((first, last)) = ends {
            push_text(&mut column, first)?;
            push_text(&mut column, last)?;
        }
        self.texts[ENDS] = column;
        Some(())
    }

    pub fn add(&mut self, column: usize, value: &[u8]) -> Option<()> {
        push_text(self.texts.get_mut(column)?, value)
    }

    pub fn add_number(&mut self, column: usize, value: i64) -> Option<()> {
        push_number(self.numbers.get_mut(column)?, value)
    }
}

pub fn push_text(column: &mut Vec<u8>, value: &[u8]) -> Option<()> {
    column.try_reserve(value.len() + 1).ok()?;
    column.extend_from_slice(value);
    column.push(b'\n');
    Some(())
}

pub fn push_number(column: &mut Vec<i64>, value: i64) -> Option<()> {
    column.try_reserve(1).ok()?;
    column.push(value);
    Some(())
}

/// A float stands in a column of numbers by its bits.
pub fn push_real(column: &mut Vec<i64>, value: f64) -> Option<()> {
    push_number(column, value.to_bits() as i64)
}

/// The texts of a column.
pub fn values(column: &[u8]) -> Option<Vec<&[u8]>> {
    let mut found = Vec::new();
    let mut rest = column;
    while !rest.is_empty() {
        let length = line_length(rest)?;
        found.try_reserve(1).ok()?;
        found.push(&rest[..length]);
        rest = &rest[length + 1..];
    }
    Some(found)
}

/// The stamps of a column.
pub fn stamps(column: &[u8]) -> Option<Vec<&[u8]>> {
    let mut found = Vec::new();
    found.try_reserve_exact(column.len() / (STAMP_LENGTH + 1)).ok()?;
    found.extend(column.chunks_exact(STAMP_LENGTH + 1).map(|stamp| &stamp[..STAMP_LENGTH]));
    Some(found)
}

/// The numbers from 0 on.
pub fn places(n: usize) -> Option<Vec<usize>> {
    let mut found = Vec::new();
    found.try_reserve_exact(n).ok()?;
    found.extend(0..n);
    Some(found)
}

/// The places of stamps in order of time, equal ones in the order of the log.
pub fn by_time(stamps: &[&[u8]]) -> Option<Vec<usize>> {
    let mut order = places(stamps.len())?;
    if !stamps.windows(2).all(|two| two[0] <= two[1]) {
        order.sort_unstable_by_key(|place| (stamps[*place], *place));
    }
    Some(order)
}

/// Keys by number, in the order in which they were met.
pub struct Groups<K> {
    pub keys: Vec<K>,
    numbers: HashMap<K, usize>,
    last: Option<(K, usize)>,
}

impl<K: Copy + Eq + Hash> Groups<K> {
    pub fn new() -> Self {
        Groups { keys: Vec::new(), numbers: HashMap::new(), last: None }
    }

    pub fn of(&mut self, key: K) -> Option<usize> {
        if let Some((last, number)) = self.last {
            if last == key {
                return Some(number);
            }
        }
        let number = match self.numbers.get(&key) {
            Some(number) => *number,
            None => {
                self.numbers.try_reserve(1).ok()?;
                self.keys.try_reserve(1).ok()?;
                self.keys.push(key);
                self.numbers.insert(key, self.keys.len() - 1);
                self.keys.len() - 1
            }
        };
        self.last = Some((key, number));
        Some(number)
    }
}
