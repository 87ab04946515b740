//! Stamps of log lines as microseconds since 1970.

pub const STAMP_LENGTH: usize = 26;
const MINUTE: usize = 17; // bytes of a stamp that say the minute
const MOST: i64 = 1 << 53; // above that a float of Python's has no exact microseconds

/// Reads stamps whose time exists. Many share a minute.
#[derive(Default)]
pub struct Clock {
    minute: [u8; MINUTE],
    start: i64,
}

impl Clock {
    /// None for a time that a float does not tell from its neighbours.
    pub fn microseconds(&mut self, stamp: &[u8]) -> Option<i64> {
        let minute = stamp.get(..MINUTE)?;
        if minute != self.minute {
            self.start = start_of(minute)?;
            self.minute.copy_from_slice(minute);
        }
        Some(self.start + within_minute(stamp)?).filter(|at| *at < MOST)
    }
}

/// Of a stamp whose time exists, whenever it is.
pub fn microseconds(stamp: &[u8]) -> Option<i64> {
    Some(start_of(stamp.get(..MINUTE)?)? + within_minute(stamp)?)
}

fn within_minute(stamp: &[u8]) -> Option<i64> {
    Some(digits(stamp.get(17..19)?)? * 1_000_000 + digits(stamp.get(20..STAMP_LENGTH)?)?)
}

/// Seconds since 1970, as Python divides.
pub fn seconds(microseconds: i64) -> f64 {
    microseconds as f64 / 1e6
}

pub fn digits(text: &[u8]) -> Option<i64> {
    text.iter().try_fold(0i64, |n, b| n.checked_mul(10)?.checked_add(i64::from(b.checked_sub(b'0')?)))
}

fn start_of(minute: &[u8]) -> Option<i64> {
    let part = |from: usize, to: usize| digits(minute.get(from..to)?);
    let (year, month, day) = (part(0, 4)?, part(5, 7)?, part(8, 10)?);
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) }; // from March on
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 719_469;
    Some(((days * 24 + part(11, 13)?) * 60 + part(14, 16)?) * 60_000_000)
}
