//! The doors of the compiled part: functions over buffers. No panic leaves them, and no lack of memory ends the program.
#![deny(unsafe_code)]

mod columns;
mod lines;
mod requests;
mod table_doors;
mod tables;
#[rustfmt::skip]
#[allow(unused_mut, unused_variables, dead_code, clippy::all)]
mod grammar {
    include!(env!("HERODYNO_GRAMMAR"));
}

use columns::Columns;
use std::panic::{catch_unwind, AssertUnwindSafe};

/// The fingerprint of the grammar that this part was generated from.
#[allow(unsafe_code)]
#[no_mangle]
pub extern "C" fn herodyno_fingerprint(length: &mut usize) -> *const u8 {
    *length = grammar::FINGERPRINT.len();
    grammar::FINGERPRINT.as_ptr()
}

/// Empty columns, to be freed with `herodyno_free`. A null pointer where there is no memory.
#[allow(unsafe_code)]
#[no_mangle]
pub extern "C" fn herodyno_new() -> *mut Columns {
    catch_unwind(|| {
        std::panic::set_hook(Box::new(|_| {})); // the caller is told by the answer, and the terminal nothing
        Box::into_raw(Box::default())
    })
    .unwrap_or(std::ptr::null_mut())
}

/// # Safety
/// `columns` is of `herodyno_new`, and is not used again.
#[allow(unsafe_code)]
#[no_mangle]
pub unsafe extern "C" fn herodyno_free(columns: *mut Columns) {
    if !columns.is_null() {
        let owned = AssertUnwindSafe(unsafe { Box::from_raw(columns) });
        let _ = catch_unwind(move || drop(owned));
    }
}

/// Reads lines into the columns, and returns how many became rows; -1 where they cannot be read here.
///
/// # Safety
/// `columns` is of `herodyno_new` and nobody else uses it; `text` has `length` bytes.
#[allow(unsafe_code)]
#[no_mangle]
pub unsafe extern "C" fn herodyno_read(
    columns: *mut Columns,
    text: *const u8,
    length: usize,
    first: i64,
) -> i64 {
    if columns.is_null() || text.is_null() {
        return -1;
    }
    let (columns, text) = unsafe { (&mut *columns, std::slice::from_raw_parts(text, length)) };
    or_minus_one(|| lines::read(text, first, columns))
}

/// Puts the requests of the block that was read behind those that wait, and returns how many wait; -1: as before.
///
/// # Safety
/// `columns` is of `herodyno_new` and nobody else uses it.
#[allow(unsafe_code)]
#[no_mangle]
pub unsafe extern "C" fn herodyno_keep(columns: *mut Columns) -> i64 {
    let columns = unsafe { &mut *columns };
    or_minus_one(|| requests::keep(columns))
}

/// Puts the waiting requests in order of dyno, and returns how many they are; -1 where that cannot be done here.
/// `span` are the microseconds of a cell of time.
///
/// # Safety
/// `columns` is of `herodyno_new` and nobody else uses it.
#[allow(unsafe_code)]
#[no_mangle]
pub unsafe extern "C" fn herodyno_group(columns: *mut Columns, span: i64) -> i64 {
    let columns = unsafe { &mut *columns };
    or_minus_one(|| requests::group(columns, span))
}

/// Forgets the waiting requests.
///
/// # Safety
/// `columns` is of `herodyno_new` and nobody else uses it.
#[allow(unsafe_code)]
#[no_mangle]
pub unsafe extern "C" fn herodyno_forget(columns: *mut Columns) -> i64 {
    let columns = unsafe { &mut *columns };
    or_minus_one(|| {
        requests::forget(columns);
        Some(0)
    })
}

pub(crate) fn or_minus_one(work: impl FnOnce() -> Option<i64>) -> i64 {
    catch_unwind(AssertUnwindSafe(work)).ok().flatten().unwrap_or(-1)
}

/// The texts of a column, each ended by LF. They hold until the columns are read into again.
///
/// # Safety
/// `columns` is of `herodyno_new`.
#[allow(unsafe_code)]
#[no_mangle]
pub unsafe extern "C" fn herodyno_texts(columns: *const Columns, place: usize, length: &mut usize) -> *const u8 {
    let column = unsafe { &*columns }.texts.get(place).map_or(&[][..], Vec::as_slice);
    *length = column.len();
    column.as_ptr()
}

/// The numbers of a column. They hold until the columns are read into again.
///
/// # Safety
/// `columns` is of `herodyno_new`.
#[allow(unsafe_code)]
#[no_mangle]
pub unsafe extern "C" fn herodyno_numbers(columns: *const Columns, place: usize, length: &mut usize) -> *const i64 {
    let column = unsafe { &*columns }.numbers.get(place).map_or(&[][..], Vec::as_slice);
    *length = column.len();
    column.as_ptr()
}
