// SPDX-License-Identifier: MIT
// Timed waits as a program of the Rust crate io-uring makes them: through libc's syscall(), with
// no liburing anywhere. Says what it sees, one line for each wait.
//   waits          the lines
//   waits COUNT    that many NOPs, each waited for with a timeout; nanoseconds for each

use io_uring::types::{SubmitArgs, Timespec};
use io_uring::{opcode, types, IoUring};
use std::os::unix::io::AsRawFd;
use std::time::{Duration, Instant};

const LIMIT_MS: u32 = 30;

fn class(elapsed: Duration) -> &'static str {
    let ms = elapsed.as_secs_f64() * 1e3;
    if ms < 1.0 {
        "at once"
    } else if ms < LIMIT_MS as f64 {
        "early"
    } else if ms < 1000.0 {
        "in time"
    } else {
        "late"
    }
}

fn wait(ring: &mut IoUring, what: &str, want: usize, limit_ms: u32) {
    let ts = Timespec::new().nsec(limit_ms * 1_000_000);
    let args = SubmitArgs::new().timespec(&ts);
    let start = Instant::now();
    let result = ring.submitter().submit_with_args(want, &args);
    let time = class(start.elapsed());
    let seen: Vec<_> = ring.completion().map(|c| (c.user_data(), c.result())).collect();
    println!("{}: {:?} {:?} {}", what, result.map_err(|e| e.raw_os_error()), seen, time);
}

fn push(ring: &mut IoUring, entry: io_uring::squeue::Entry) {
    unsafe { ring.submission().push(&entry).expect("the queue is full") };
}

fn nop(ring: &mut IoUring, data: u64) {
    push(ring, opcode::Nop::new().build().user_data(data));
}

fn questions(name: &str, ring: &mut IoUring) {
    let what = |text: &str| format!("{}, {}", name, text);
    let mut byte = [0u8; 1];
    let (reader, writer) = pipe();

    wait(ring, &what("nothing there"), 1, LIMIT_MS);
    wait(ring, &what("no time"), 1, 0);
    nop(ring, 1);
    wait(ring, &what("one NOP"), 1, LIMIT_MS);
    nop(ring, 2);
    nop(ring, 3);
    wait(ring, &what("two NOPs, three wanted"), 3, LIMIT_MS);
    push(ring, opcode::Read::new(types::Fd(reader), byte.as_mut_ptr(), 1).build().user_data(4));
    wait(ring, &what("a pipe with nothing in it"), 1, LIMIT_MS);
    assert_eq!(unsafe { libc::write(writer, b"x".as_ptr().cast(), 1) }, 1);
    wait(ring, &what("a byte in the pipe"), 1, 10 * LIMIT_MS);
    unsafe {
        libc::close(reader);
        libc::close(writer);
    }
}

fn pipe() -> (i32, i32) {
    let mut ends = [0; 2];
    assert_eq!(unsafe { libc::pipe(ends.as_mut_ptr()) }, 0);
    (ends[0], ends[1])
}

fn all_questions() -> std::io::Result<()> {
    let mut ring = IoUring::new(8)?;
    questions("plain", &mut ring);
    let number = ring.as_raw_fd();
    drop(ring);

    // The same number, another ring.
    let mut ring = IoUring::builder().setup_single_issuer().build(8)?;
    println!("number: {}", if ring.as_raw_fd() == number { "again" } else { "new" });
    questions("single issuer", &mut ring);
    drop(ring);

    let mut ring =
        IoUring::builder().setup_single_issuer().setup_defer_taskrun().build(8)?;
    questions("defer taskrun", &mut ring);
    drop(ring);

    // Two rings, and a thread with one of its own.
    let mut first = IoUring::new(4)?;
    let mut second = IoUring::new(4)?;
    wait(&mut second, "second", 1, LIMIT_MS);
    std::thread::spawn(|| {
        let mut third = IoUring::new(4).expect("a ring");
        questions("thread", &mut third);
    })
    .join()
    .expect("the thread");
    wait(&mut first, "first", 1, LIMIT_MS);
    Ok(())
}

fn time_nops(count: u32) -> std::io::Result<()> {
    let mut ring = IoUring::new(8)?;
    let ts = Timespec::new().sec(1);
    let args = SubmitArgs::new().timespec(&ts);
    let start = Instant::now();
    for data in 0..count as u64 {
        nop(&mut ring, data);
        ring.submitter().submit_with_args(1, &args)?;
        assert_eq!(ring.completion().next().map(|c| c.user_data()), Some(data));
    }
    println!("ns: {:.1}", start.elapsed().as_nanos() as f64 / count as f64);
    Ok(())
}

fn main() -> std::io::Result<()> {
    match std::env::args().nth(1) {
        Some(count) => time_nops(count.parse().expect("a number")),
        None => all_questions(),
    }
}
