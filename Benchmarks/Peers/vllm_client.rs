// Drives the Rust crate `vllm-client` by the contract of the benchmark's client programs:
//
//   PROGRAM stream url=… model=… streams=S tokens=N logprobs=0|1 warmup=W executor=engine|global
//   PROGRAM requests url=… concurrency=C count=N warmup=W
//   PROGRAM embeddings url=… batch=B count=N format=float|base64 warmup=W
//
// One line of JSON with what it cost is printed. `executor=engine` is tokio's current-thread runtime, `global` the one with a
// thread per processor. The crate has no embeddings: those are reqwest and serde_json with a plain base64 table.
// This file is the program alone; the crate is not part of this repository (see docs/performance.md).

use std::collections::HashMap;
use std::process::exit;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::Arc;

use serde::Deserialize;
use serde_json::json;
use vllm_client::{StreamEvent, VllmClient};

type Settings = HashMap<String, String>;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut settings = Settings::new();
    for argument in arguments.iter().skip(1) {
        match argument.split_once('=') {
            Some((name, value)) => settings.insert(name.into(), value.into()),
            None => stop(&format!("{} is not name=value", argument)),
        };
    }
    let measure = arguments.first().map(String::as_str).unwrap_or("");
    let runtime = if text(&settings, "executor", "engine") == "global" {
        tokio::runtime::Builder::new_multi_thread().enable_all().build()
    } else {
        tokio::runtime::Builder::new_current_thread().enable_all().build()
    };
    let runtime = runtime.unwrap_or_else(|error| stop(&error.to_string()));
    match measure {
        "stream" => runtime.block_on(stream(settings)),
        "requests" => runtime.block_on(requests(settings)),
        "embeddings" => runtime.block_on(embeddings(settings)),
        _ => stop("usage: stream|requests|embeddings name=value…"),
    }
}

// Streams

#[derive(Default)]
struct Tally {
    bytes: u64,
    first: i64,
    delays: Vec<i64>,
}

/// Counts the pieces of all streams, to take the memory when half of them have come.
struct Half {
    pieces: AtomicU64,
    at: u64,
    resident: AtomicI64,
}

impl Half {
    fn new(pieces: u64) -> Arc<Half> {
        Arc::new(Half { pieces: AtomicU64::new(0), at: (pieces / 2).max(1), resident: AtomicI64::new(0) })
    }

    fn count(&self) {
        if self.pieces.fetch_add(1, Ordering::Relaxed) + 1 == self.at {
            self.resident.store(status_kib("VmRSS:"), Ordering::Relaxed);
        }
    }
}

async fn stream(settings: Settings) {
    let client = Arc::new(VllmClient::new(format!("{}/v1", url(&settings))));
    let model = text(&settings, "model", "mock-coal");
    let streams = count(&settings, "streams", 1);
    let tokens = count(&settings, "tokens", 100_000);
    let warmup = count(&settings, "warmup", 100);
    let logprobs = count(&settings, "logprobs", 0) == 1;
    if warmup > 0 {
        all(&client, &model, streams, warmup, logprobs, Half::new(u64::MAX)).await;
    }
    let idle = status_kib("VmRSS:");
    let half = Half::new(streams * tokens);
    let (cpu, start) = (cpu_us(), now());
    let tallies = all(&client, &model, streams, tokens, logprobs, half.clone()).await;
    let (cpu, end) = (cpu_us() - cpu, now());
    let firsts = sorted(tallies.iter().map(|tally| tally.first - start).collect());
    let delays = sorted(tallies.iter().flat_map(|tally| tally.delays.iter().copied()).collect());
    let bytes: u64 = tallies.iter().map(|tally| tally.bytes).sum();
    println!(
        "{}",
        json!({
            "tokens": streams * tokens, "bytes": bytes, "logprobs": 0, "cpu_us": cpu, "wall_us": (end - start) as f64 / 1e3,
            "first_us": share(&firsts, 0.5), "delay_p50_us": share(&delays, 0.5), "delay_p99_us": share(&delays, 0.99),
            "delay_max_us": share(&delays, 1.0),
            "rss_kib": half.resident.load(Ordering::Relaxed), "rss_idle_kib": idle, "rss_peak_kib": status_kib("VmHWM:"),
        })
    );
}

async fn all(client: &Arc<VllmClient>, model: &str, streams: u64, tokens: u64, logprobs: bool, half: Arc<Half>) -> Vec<Tally> {
    let tasks: Vec<_> = (0..streams)
        .map(|_| tokio::spawn(read(client.clone(), model.to_string(), tokens, logprobs, half.clone())))
        .collect();
    let mut tallies = Vec::new();
    for task in tasks {
        tallies.push(task.await.unwrap_or_else(|error| stop(&error.to_string())));
    }
    tallies
}

async fn read(client: Arc<VllmClient>, model: String, tokens: u64, logprobs: bool, half: Arc<Half>) -> Tally {
    let stamped = model.starts_with("mock-tick");
    let mut request = client.chat.completions().create().model(model).max_tokens(tokens as u32);
    request = request.messages(json!([{"role": "user", "content": "Go."}]));
    if logprobs {
        request = request.extra(json!({"logprobs": true, "top_logprobs": 5}));
    }
    let mut stream = request.send_stream().await.unwrap_or_else(|error| stop(&error.to_string()));
    let mut tally = Tally::default();
    while let Some(event) = stream.next().await {
        match event {
            StreamEvent::Content(text) => {
                tally.bytes += text.len() as u64;
                half.count();
                if tally.first == 0 {
                    tally.first = now();
                }
                if stamped {
                    let arrived = now();
                    let stamps = text.split('t').filter_map(|stamp| stamp.parse::<i64>().ok());
                    tally.delays.extend(stamps.map(|sent| arrived - sent));
                }
            }
            StreamEvent::Error(error) => stop(&error.to_string()),
            _ => {}
        }
    }
    tally
}

// Requests that are answered whole

async fn requests(settings: Settings) {
    let client = Arc::new(VllmClient::new(format!("{}/v1", url(&settings))));
    let concurrency = count(&settings, "concurrency", 1);
    let number = count(&settings, "count", 10_000);
    let warmup = count(&settings, "warmup", concurrency);
    ask_all(&client, concurrency, warmup).await;
    let (cpu, start) = (cpu_us(), now());
    let (bytes, latencies) = ask_all(&client, concurrency, number).await;
    let (cpu, end) = (cpu_us() - cpu, now());
    let latencies = sorted(latencies);
    println!(
        "{}",
        json!({
            "requests": number, "bytes": bytes, "cpu_us": cpu, "wall_us": (end - start) as f64 / 1e3,
            "p50_us": share(&latencies, 0.5), "p99_us": share(&latencies, 0.99),
            "rss_kib": status_kib("VmRSS:"), "rss_peak_kib": status_kib("VmHWM:"),
        })
    );
}

async fn ask_all(client: &Arc<VllmClient>, concurrency: u64, number: u64) -> (u64, Vec<i64>) {
    let left = Arc::new(AtomicI64::new(number as i64));
    let tasks: Vec<_> = (0..concurrency).map(|_| tokio::spawn(ask(client.clone(), left.clone()))).collect();
    let (mut bytes, mut latencies) = (0, Vec::new());
    for task in tasks {
        let (more, times) = task.await.unwrap_or_else(|error| stop(&error.to_string()));
        bytes += more;
        latencies.extend(times);
    }
    (bytes, latencies)
}

async fn ask(client: Arc<VllmClient>, left: Arc<AtomicI64>) -> (u64, Vec<i64>) {
    let (mut bytes, mut latencies) = (0, Vec::new());
    while left.fetch_sub(1, Ordering::Relaxed) > 0 {
        let start = now();
        let request = client.chat.completions().create().model("mock-coal").max_tokens(6);
        let answer = request.messages(json!([{"role": "user", "content": "Go."}])).send().await;
        let answer = answer.unwrap_or_else(|error| stop(&error.to_string()));
        bytes += answer.content.map_or(0, |text| text.len() as u64);
        latencies.push(now() - start);
    }
    (bytes, latencies)
}

// Embeddings

#[derive(Deserialize)]
struct Answer<Vector> {
    data: Vec<Item<Vector>>,
}

#[derive(Deserialize)]
struct Item<Vector> {
    embedding: Vector,
}

async fn embeddings(settings: Settings) {
    let client = reqwest::Client::new();
    let batch = count(&settings, "batch", 64);
    let number = (count(&settings, "count", 6400) + batch - 1) / batch;
    let base64 = text(&settings, "format", "base64") == "base64";
    for _ in 0..count(&settings, "warmup", 2) {
        embed(&client, &settings, batch, base64).await;
    }
    let (cpu, start) = (cpu_us(), now());
    let (mut vectors, mut floats, mut body) = (0, 0, 0);
    for _ in 0..number {
        let (length, answer) = embed(&client, &settings, batch, base64).await;
        vectors += answer.len();
        floats += answer.iter().map(Vec::len).sum::<usize>();
        body += length;
    }
    let (cpu, end) = (cpu_us() - cpu, now());
    println!(
        "{}",
        json!({
            "vectors": vectors, "bytes": floats * 4, "body_bytes": body, "cpu_us": cpu, "wall_us": (end - start) as f64 / 1e3,
            "rss_kib": status_kib("VmRSS:"), "rss_peak_kib": status_kib("VmHWM:"),
        })
    );
}

async fn embed(client: &reqwest::Client, settings: &Settings, batch: u64, base64: bool) -> (usize, Vec<Vec<f32>>) {
    let input: Vec<&str> = (0..batch).map(|_| "A sentence to embed.").collect();
    let format = if base64 { "base64" } else { "float" };
    let body = json!({"model": format!("emb-{}", batch), "input": input, "encoding_format": format});
    let request = client.post(format!("{}/v1/embeddings", url(settings))).json(&body);
    let answer = request.send().await.unwrap_or_else(|error| stop(&error.to_string()));
    let bytes = answer.bytes().await.unwrap_or_else(|error| stop(&error.to_string()));
    let vectors = if base64 {
        let answer: Answer<&str> = serde_json::from_slice(&bytes).unwrap_or_else(|error| stop(&error.to_string()));
        answer.data.iter().map(|item| floats(item.embedding)).collect()
    } else {
        let answer: Answer<Vec<f32>> = serde_json::from_slice(&bytes).unwrap_or_else(|error| stop(&error.to_string()));
        answer.data.into_iter().map(|item| item.embedding).collect()
    };
    (bytes.len(), vectors)
}

const TABLE: [u8; 256] = table();

const fn table() -> [u8; 256] {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut table = [255; 256];
    let mut index = 0;
    while index < 64 {
        table[alphabet[index] as usize] = index as u8;
        index += 1;
    }
    table
}

fn floats(base64: &str) -> Vec<f32> {
    let text = base64.trim_end_matches('=').as_bytes();
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4 + 3);
    for four in text.chunks(4) {
        let mut word = 0;
        for &letter in four {
            let digit = TABLE[letter as usize];
            if digit == 255 {
                stop("a vector is not base64");
            }
            word = word << 6 | digit as u32;
        }
        word <<= 6 * (4 - four.len());
        bytes.extend_from_slice(&word.to_be_bytes()[1..four.len()]);
    }
    bytes.chunks_exact(4).map(|four| f32::from_le_bytes([four[0], four[1], four[2], four[3]])).collect()
}

// Figures and settings

fn now() -> i64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &mut time) };
    time.tv_sec * 1_000_000_000 + time.tv_nsec
}

fn cpu_us() -> f64 {
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    unsafe { libc::getrusage(libc::RUSAGE_SELF, &mut usage) };
    let microseconds = |time: libc::timeval| time.tv_sec as f64 * 1e6 + time.tv_usec as f64;
    microseconds(usage.ru_utime) + microseconds(usage.ru_stime)
}

fn status_kib(name: &str) -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap_or("");
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or(0)
}

fn sorted(mut values: Vec<i64>) -> Vec<i64> {
    values.sort_unstable();
    values
}

fn share(sorted: &[i64], share: f64) -> f64 {
    if sorted.is_empty() {
        return 0.0;
    }
    sorted[((sorted.len() - 1) as f64 * share) as usize] as f64 / 1e3
}

fn url(settings: &Settings) -> String {
    text(settings, "url", "http://127.0.0.1:8900")
}

fn text(settings: &Settings, name: &str, usual: &str) -> String {
    settings.get(name).cloned().unwrap_or_else(|| usual.to_string())
}

fn count(settings: &Settings, name: &str, usual: u64) -> u64 {
    match settings.get(name) {
        Some(value) => value.parse().unwrap_or_else(|_| stop(&format!("{}={} is no number", name, value))),
        None => usual,
    }
}

fn stop(reason: &str) -> ! {
    eprintln!("error: {}", reason);
    exit(64)
}
