//! Columns that grow: texts, each ended by LF, and numbers. Each addition fails where there is no memory.

use crate::grammar::{NUMBERS, OWN_DYNOS, OWN_REQUESTS, TEXTS};

pub struct Columns {
    pub texts: [Vec<u8>; TEXTS],
    pub numbers: [Vec<i64>; NUMBERS],
}

impl Default for Columns {
    fn default() -> Self {
        Columns { texts: std::array::from_fn(|_| Vec::new()), numbers: std::array::from_fn(|_| Vec::new()) }
    }
}

impl Columns {
    /// Forgets the values of a block, and keeps the memory for the next ones.
    pub fn clear(&mut self) {
        self.texts[..OWN_DYNOS].iter_mut().for_each(Vec::clear);
        self.numbers[..OWN_REQUESTS].iter_mut().for_each(Vec::clear);
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
