//! The doors to the sieve of lines.

use crate::or_minus_one;
use crate::sieve::Sieve;
use std::panic::{catch_unwind, AssertUnwindSafe};

/// A sieve, to be freed with `herodyno_sieve_free`. A null pointer where there is no memory.
#[allow(unsafe_code)]
#[no_mangle]
pub extern "C" fn herodyno_sieve_new(since: i64, until: i64, by_name: bool, by_dyno: bool) -> *mut Sieve {
    catch_unwind(|| {
        std::panic::set_hook(Box::new(|_| {})); // the caller is told by the answer, and the terminal nothing
        Box::into_raw(Box::new(Sieve::new(since, until, by_name, by_dyno)))
    })
    .unwrap_or(std::ptr::null_mut())
}

/// # Safety
/// `sieve` is of `herodyno_sieve_new`, and is not used again.
#[allow(unsafe_code)]
#[no_mangle]
pub unsafe extern "C" fn herodyno_sieve_free(sieve: *mut Sieve) {
    if !sieve.is_null() {
        let owned = AssertUnwindSafe(unsafe { Box::from_raw(sieve) });
        let _ = catch_unwind(move || drop(owned));
    }
}

/// Leaves out lines without a text. Returns -1 where there is no memory: then it leaves out none for that.
///
/// # Safety
/// `sieve` is of `herodyno_sieve_new` and nobody else uses it; `needle` has `length` bytes.
#[allow(unsafe_code)]
#[no_mangle]
pub unsafe extern "C" fn herodyno_sieve_look_for(sieve: *mut Sieve, needle: *const u8, length: usize) -> i64 {
    with(sieve, needle, length, Sieve::look_for)
}

/// Remembers whether a name is wanted. Returns -1 where there is no memory: then its lines stay.
///
/// # Safety
/// `sieve` is of `herodyno_sieve_new` and nobody else uses it; `name` has `length` bytes.
#[allow(unsafe_code)]
#[no_mangle]
pub unsafe extern "C" fn herodyno_sieve_learn(
    sieve: *mut Sieve,
    name: *const u8,
    length: usize,
    is_wanted: bool,
) -> i64 {
    with(sieve, name, length, |sieve, name| sieve.learn(name, is_wanted))
}

/// Sieves whole lines. Returns how many bytes are kept; -1 where the lines cannot be read here.
///
/// # Safety
/// `sieve` is of `herodyno_sieve_new` and nobody else uses it; `text` has `length` bytes.
#[allow(unsafe_code)]
#[no_mangle]
pub unsafe extern "C" fn herodyno_sieve_read(sieve: *mut Sieve, text: *const u8, length: usize) -> i64 {
    with(sieve, text, length, Sieve::read)
}

#[allow(unsafe_code)]
fn with(sieve: *mut Sieve, text: *const u8, length: usize, work: impl FnOnce(&mut Sieve, &[u8]) -> Option<i64>) -> i64 {
    if sieve.is_null() || text.is_null() {
        return -1;
    }
    let (sieve, text) = unsafe { (&mut *sieve, std::slice::from_raw_parts(text, length)) };
    or_minus_one(|| work(sieve, text))
}

/// The lines that were kept. They hold until the sieve is used again.
///
/// # Safety
/// `sieve` is of `herodyno_sieve_new`.
#[allow(unsafe_code)]
#[no_mangle]
pub unsafe extern "C" fn herodyno_sieve_kept(sieve: *const Sieve, length: &mut usize) -> *const u8 {
    let kept = unsafe { &(*sieve).kept };
    *length = kept.len();
    kept.as_ptr()
}

/// The names that were met first in these lines, each ended by LF. They hold until the sieve is used again.
///
/// # Safety
/// `sieve` is of `herodyno_sieve_new`.
#[allow(unsafe_code)]
#[no_mangle]
pub unsafe extern "C" fn herodyno_sieve_unknown(sieve: *const Sieve, length: &mut usize) -> *const u8 {
    let unknown = unsafe { &(*sieve).unknown };
    *length = unknown.len();
    unknown.as_ptr()
}
