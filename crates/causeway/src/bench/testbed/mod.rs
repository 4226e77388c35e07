//! What the test bed itself costs: a callback beside the module's own time, a whole life, every trial of
//! a small module. The baseline is php-fpm answering a script that does nothing.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use causeway_testbed::emulator::fastcgi::{self, FastCgiRequest};
use causeway_testbed::emulator::{
    Client, Emulator, EmulatorSettings, PhpSettings, Product, Server, Service,
};
use causeway_testbed::interceptor::{Interceptor, InterceptorSettings};
use causeway_testbed::module_test::{self, ModuleTestSettings, VendorChoice};
use causeway_testbed::scripted_vendor::{Credentials, ScriptedVendor, VendorScript};
use miette::{IntoDiagnostic as _, Result, miette};
use tempfile::TempDir;

const MODULE: &str = include_str!("fourfold/fourfold.php");
const VENDOR: &str = include_str!("vendor.toml");
const HOST: &str = "api.fourfold.example";
/// The first calls fill the caches.
const WARM_UP: usize = 20;

/// Measures; the tables as Markdown.
pub async fn testbed(rounds: usize, mut tell: impl FnMut(&str)) -> Result<String> {
    let bench = Bench::set_up().await?;
    let mut text = String::new();
    tell("callbacks");
    bench.callbacks(&mut text, rounds).await?;
    tell("lives");
    bench.lives(&mut text, rounds.div_ceil(10)).await?;
    tell("every trial of a module with four functions");
    bench.trials(&mut text).await?;
    Ok(text)
}

struct Bench {
    whmcs: Emulator,
    product: causeway_testbed::emulator::ProductId,
    module: PathBuf,
    _vendor: ScriptedVendor,
    _interceptor: Interceptor,
    _folder: TempDir,
}

impl Bench {
    async fn set_up() -> Result<Self> {
        let folder = TempDir::new().into_diagnostic()?;
        let module = folder.path().join("fourfold");
        fs::create_dir(&module).into_diagnostic()?;
        fs::write(module.join("fourfold.php"), MODULE).into_diagnostic()?;
        let script = VendorScript::parse(VENDOR).map_err(|problems| miette!("{problems:?}"))?;
        let credentials = Credentials {
            password: "fourfold".to_owned(),
            ..Credentials::default()
        };
        let vendor = ScriptedVendor::start(script, credentials).await;
        let vendor = vendor.into_diagnostic()?;
        let interceptor = Interceptor::start(InterceptorSettings {
            upstream: vendor.api().parse().into_diagnostic()?,
        });
        let interceptor = interceptor.await.into_diagnostic()?;
        let whmcs = Emulator::start(EmulatorSettings {
            php: PhpSettings {
                workers: 2,
                environment: interceptor.environment(),
                ini: interceptor.ini(),
                ..PhpSettings::default()
            },
            ..EmulatorSettings::default()
        });
        let whmcs = whmcs.await.into_diagnostic()?;
        whmcs.install_module(&module).await.into_diagnostic()?;
        let server = Server::new("fourfold")
            .hostname(HOST)
            .password("fourfold")
            .secure();
        let server = whmcs.add_server(server).await.into_diagnostic()?;
        let product = Product::new("fourfold", "Fourfold").server(server);
        let product = whmcs.add_product(product).await.into_diagnostic()?;
        Ok(Self {
            whmcs,
            product,
            module,
            _vendor: vendor,
            _interceptor: interceptor,
            _folder: folder,
        })
    }

    async fn buy(&self, number: usize) -> Result<Service> {
        let client = Client::named("Ada", "Lovelace").email(format!("ada{number}@example.com"));
        let client = self.whmcs.add_client(client).await.into_diagnostic()?;
        let order = client
            .buys(self.product, &format!("shop{number}.example"))
            .await;
        let order = order.into_diagnostic()?;
        let calls = order.pays().await.into_diagnostic()?;
        good(&calls)?;
        order.service().into_diagnostic()
    }

    async fn callbacks(&self, text: &mut String, rounds: usize) -> Result<()> {
        let service = self.buy(0).await?;
        let mut nothing = Vec::new();
        let mut whole = Vec::new();
        let mut own = Vec::new();
        for round in 0..WARM_UP + rounds {
            let began = Instant::now();
            self.empty_script().await?;
            let empty = began.elapsed();
            let began = Instant::now();
            let function = ["SuspendAccount", "UnsuspendAccount"][round % 2];
            let outcome = service.run(function).await.into_diagnostic()?;
            let took = began.elapsed();
            good(std::slice::from_ref(&outcome))?;
            let functions: f64 = outcome.calls.iter().map(|call| call.milliseconds).sum();
            if round >= WARM_UP {
                nothing.push(empty);
                whole.push(took);
                own.push(Duration::from_secs_f64(functions / 1000.0));
            }
        }
        let beside: Vec<Duration> = whole
            .iter()
            .zip(&own)
            .map(|(whole, own)| whole.saturating_sub(*own))
            .collect();
        let baseline = percentile(&mut nothing.clone(), 0.5);
        text.push_str(
            "### A callback\n\n| | p50 | p99 | p50 against an empty script |\n|:--|--:|--:|--:|\n",
        );
        for (name, times) in [
            ("php-fpm answers an empty script", nothing),
            ("SuspendAccount, as WHMCS makes it", whole),
            ("of it the module itself, with its exchange", own),
            ("of it the emulated WHMCS", beside),
        ] {
            row(text, name, times, baseline);
        }
        text.push('\n');
        Ok(())
    }

    async fn lives(&self, text: &mut String, lives: usize) -> Result<()> {
        let mut times = Vec::new();
        let mut empty = Vec::new();
        for number in 1..=lives.max(5) {
            let began = Instant::now();
            self.empty_script().await?;
            empty.push(began.elapsed());
            let began = Instant::now();
            let service = self.buy(number).await?;
            for function in ["SuspendAccount", "UnsuspendAccount"] {
                let outcome = service.run(function).await.into_diagnostic()?;
                good(&[outcome])?;
            }
            service.client_area().await.into_diagnostic()?;
            let outcome = service.run("TerminateAccount").await.into_diagnostic()?;
            good(&[outcome])?;
            times.push(began.elapsed());
        }
        let baseline = percentile(&mut empty, 0.5);
        text.push_str("### A whole life\n\nClient, order, payment with the create and its e-mail, suspend, unsuspend, the product's page, terminate.\n\n| | p50 | p99 | p50 against an empty script |\n|:--|--:|--:|--:|\n");
        row(text, "a life", times, baseline);
        text.push('\n');
        Ok(())
    }

    async fn trials(&self, text: &mut String) -> Result<()> {
        let settings =
            ModuleTestSettings::new(&self.module, VendorChoice::Script(VENDOR.to_owned()));
        let report = module_test::run(settings, |_| ()).await.into_diagnostic()?;
        let _ = writeln!(
            text,
            "### Every trial of a module with four functions\n\n{} trials in {:.1} s; the longest wait is \
             the module's own timeout of 10 s, and a module without timeouts is waited for 35 s.",
            report.trials.len(),
            report.took.as_secs_f64(),
        );
        Ok(())
    }

    async fn empty_script(&self) -> Result<()> {
        let script = self.whmcs.installation().folder().join("empty.php");
        if !script.is_file() {
            fs::write(&script, "<?php\n").into_diagnostic()?;
        }
        let script = script.to_string_lossy().into_owned();
        let request = FastCgiRequest {
            params: [
                ("REQUEST_METHOD", "GET"),
                ("SCRIPT_FILENAME", &script),
                ("SCRIPT_NAME", "/empty.php"),
            ]
            .map(|(name, value)| (name.into(), value.into()))
            .into(),
            body: Vec::new(),
        };
        let answer = fastcgi::send(self.whmcs.php_socket(), &request, Duration::from_secs(10));
        answer.await.map(drop).into_diagnostic()
    }
}

fn good(outcomes: &[causeway_testbed::emulator::CallOutcome]) -> Result<()> {
    match outcomes.iter().find(|outcome| !outcome.success) {
        Some(failed) => Err(miette!("{}: {}", failed.due.function, failed.message)),
        None => Ok(()),
    }
}

/// The time that so large a part of them takes at most.
fn percentile(times: &mut [Duration], part: f64) -> Duration {
    times.sort_unstable();
    let last = times.len().saturating_sub(1);
    // A part of a few hundred.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss
    )]
    let position = (last as f64 * part).round() as usize;
    times.get(position).copied().unwrap_or_default()
}

fn row(text: &mut String, name: &str, mut times: Vec<Duration>, baseline: Duration) {
    let p50 = percentile(&mut times, 0.5);
    let p99 = percentile(&mut times, 0.99);
    let ratio = p50.as_secs_f64() / baseline.as_secs_f64().max(1e-9);
    let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
    let _ = writeln!(
        text,
        "| {name} | {:.2} ms | {:.2} ms | **{ratio:.1}** |",
        milliseconds(p50),
        milliseconds(p99),
    );
}
