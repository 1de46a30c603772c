//! Both ends of the conversation, without I/O: inputs in, effects out. The daemon, headquarters
//! and the simulator drive the same code.

pub mod hq;
pub mod store;

#[cfg(test)]
mod tests;
