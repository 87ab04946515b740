//! The numbers of names, in the order in which they were met. A name stands once, in a column of texts.

use crate::columns::{push_number, push_text};
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

const FEWEST_SLOTS: usize = 64;

/// A table of the names in a column. A table of texts of their own would leave as many small holes in memory when it is
/// forgotten, and others would keep them open.
#[derive(Default)]
pub struct Names {
    slots: Vec<u64>, // the hash of a name and, below it, its number + 1; 0: free
    ends: Vec<usize>, // of each name in the column
    hashes: RandomState,
    last: u32,
}

impl Names {
    /// The number of a name. A new one goes into the column, with a count of 0 beside.
    pub fn of(&mut self, name: &[u8], column: &mut Vec<u8>, counts: &mut Vec<i64>) -> Option<u32> {
        if self.text(self.last, column) == Some(name) {
            return Some(self.last);
        }
        if self.ends.len() * 2 >= self.slots.len() {
            self.make_room()?;
        }
        let mut hasher = self.hashes.build_hasher();
        hasher.write(name);
        let hash = hasher.finish() >> 32;
        let mut at = hash as usize & (self.slots.len() - 1);
        while self.slots[at] != 0 {
            let number = (self.slots[at] as u32) - 1;
            if self.slots[at] >> 32 == hash && self.text(number, column) == Some(name) {
                self.last = number;
                return Some(number);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
        let number = u32::try_from(self.ends.len()).ok().filter(|number| *number < u32::MAX)?;
        self.ends.try_reserve(1).ok()?;
        counts.try_reserve(1).ok()?;
        push_text(column, name)?;
        push_number(counts, 0)?;
        self.ends.push(column.len() - 1);
        self.slots[at] = hash << 32 | u64::from(number + 1);
        self.last = number;
        Some(number)
    }

    /// Forgets all names, and keeps the room.
    pub fn clear(&mut self) {
        self.slots.iter_mut().for_each(|slot| *slot = 0);
        self.ends.clear();
        self.last = 0;
    }

    fn text<'a>(&self, number: u32, column: &'a [u8]) -> Option<&'a [u8]> {
        let number = number as usize;
        let begin = if number == 0 { 0 } else { self.ends.get(number - 1)? + 1 };
        column.get(begin..*self.ends.get(number)?)
    }

    fn make_room(&mut self) -> Option<()> {
        let size = FEWEST_SLOTS.max(self.slots.len() * 2);
        let mut slots = Vec::new();
        slots.try_reserve_exact(size).ok()?;
        slots.resize(size, 0);
        for slot in self.slots.iter().filter(|slot| **slot != 0) {
            let mut at = (slot >> 32) as usize & (size - 1);
            while slots[at] != 0 {
                at = (at + 1) & (size - 1);
            }
            slots[at] = *slot;
        }
        self.slots = slots;
        Some(())
    }
}
