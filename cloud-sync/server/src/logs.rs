//! Logs: one JSON object a line, or plain lines where a person looks on.

use serde_json::{Map, Value, json};
use std::fmt::Debug;
use std::io::{IsTerminal, Write};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

/// Starts logging to stdout. `filter` is `info`, or directives as in `info,tower=debug`.
///
/// # Errors
/// A filter that cannot be read, or logging that was started before.
pub fn start(filter: &str, service: &'static str) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(filter)?;
    let registry = tracing_subscriber::registry().with(filter);
    if std::io::stdout().is_terminal() {
        registry.with(tracing_subscriber::fmt::layer()).try_init()?;
    } else {
        registry.with(Json { service }).try_init()?;
    }
    Ok(())
}

struct Json {
    service: &'static str,
}

#[derive(Default)]
struct Fields(Map<String, Value>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}").into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.0.insert(field.name().to_owned(), value.into());
    }
}

/// The line of an event: the contract's fields, everything else in `context`.
fn line(service: &str, level: &str, target: &str, mut fields: Map<String, Value>) -> Value {
    let mut top = |name: &str| fields.remove(name).unwrap_or(Value::Null);
    let (message, trace_id, span_id) = (top("message"), top("trace_id"), top("span_id"));
    let duration_ms = top("duration_ms");
    // Records of the `log` crate carry paths of the building machine.
    fields.retain(|name, _| !name.starts_with("log."));
    fields.insert("target".into(), target.into());
    json!({
        "timestamp": jiff::Timestamp::now().to_string(), "level": level, "service": service,
        "message": message, "context": fields, "trace_id": trace_id, "span_id": span_id,
        "duration_ms": duration_ms,
    })
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Json {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, ctx: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        if let Some(span) = ctx.span(id) {
            span.extensions_mut().insert(fields);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, ctx: Context<'_, S>) {
        if let Some(span) = ctx.span(id)
            && let Some(fields) = span.extensions_mut().get_mut::<Fields>()
        {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, ctx: Context<'_, S>) {
        let mut all = Fields::default();
        for span in ctx.event_scope(event).into_iter().flat_map(|scope| scope.from_root()) {
            if let Some(fields) = span.extensions().get::<Fields>() {
                all.0.extend(fields.0.clone());
            }
        }
        event.record(&mut all);
        let meta = event.metadata();
        let level = meta.level().as_str().to_lowercase();
        let line = line(self.service, &level, meta.target(), all.0);
        // Nowhere to write to: nothing to be done about it, and no reason to stop.
        let _ = writeln!(std::io::stdout().lock(), "{line}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_the_contracts_fields() {
        let fields = json!({"message": "hello", "duration_ms": 7, "store": "x", "log.file": "/b"});
        let Value::Object(fields) = fields else { unreachable!() };
        let line = line("outpost-hq", "info", "t", fields);
        assert_eq!(line["context"], json!({"store": "x", "target": "t"}));
        assert_eq!((&line["message"], &line["duration_ms"]), (&json!("hello"), &json!(7)));
        for field in ["timestamp", "level", "service", "trace_id", "span_id"] {
            assert!(line.get(field).is_some(), "{field}");
        }
    }
}
