//! Real php-fpm: requests of any size, several at once, and nothing that stays behind.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use causeway_testbed::emulator::{
    EmulatorError, PhpFpm, PhpSettings,
    fastcgi::{self, FastCgiAnswer, FastCgiError, FastCgiRequest},
};

const LIMIT: Duration = Duration::from_secs(30);
const HOLDER_FOLDER: &str = "CAUSEWAY_TEST_HOLDER_FOLDER";

fn short_folder() -> tempfile::TempDir {
    tempfile::Builder::new()
        .prefix("causeway-php-")
        .tempdir()
        .unwrap()
}

async fn run(php: &PhpFpm, script: &Path, body: Vec<u8>) -> Result<FastCgiAnswer, FastCgiError> {
    let params = [
        ("REQUEST_METHOD", "POST".to_owned()),
        ("SCRIPT_FILENAME", script.display().to_string()),
        ("CONTENT_TYPE", "application/octet-stream".to_owned()),
        ("CONTENT_LENGTH", body.len().to_string()),
    ];
    let params = params
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec();
    fastcgi::send(php.socket(), &FastCgiRequest { params, body }, LIMIT).await
}

fn script(folder: &Path, name: &str, php: &str) -> PathBuf {
    let file = folder.join(name);
    fs::write(&file, php).unwrap();
    file
}

fn lives(process_id: u32) -> bool {
    let state = fs::read_to_string(format!("/proc/{process_id}/stat")).unwrap_or_default();
    !state.is_empty() && !state.contains(") Z ")
}

fn children(process_id: u32) -> Vec<u32> {
    fs::read_to_string(format!("/proc/{process_id}/task/{process_id}/children"))
        .unwrap_or_default()
        .split_whitespace()
        .map(|id| id.parse().unwrap())
        .collect()
}

#[tokio::test]
async fn megabytes_go_in_and_come_out_unchanged() {
    let folder = short_folder();
    let php = PhpFpm::start(folder.path(), &PhpSettings::default())
        .await
        .unwrap();
    let echo = script(
        folder.path(),
        "echo.php",
        "<?php http_response_code(418); header('X-Length: ' . $_SERVER['CONTENT_LENGTH']);
         echo strrev(file_get_contents('php://input'));",
    );
    let body: Vec<u8> = (0..3_000_000_u32).map(|at| (at % 251) as u8).collect();

    let answer = run(&php, &echo, body.clone()).await.unwrap();

    assert_eq!(answer.status, 418);
    assert!(
        answer
            .headers
            .contains(&("X-Length".into(), body.len().to_string()))
    );
    assert!(
        answer.body.iter().rev().eq(body.iter()),
        "the body came back changed"
    );
}

#[tokio::test]
async fn a_script_may_answer_without_reading_its_input() {
    let folder = short_folder();
    let php = PhpFpm::start(folder.path(), &PhpSettings::default())
        .await
        .unwrap();
    let deaf = script(
        folder.path(),
        "deaf.php",
        "<?php echo str_repeat('x', 2000000); exit;",
    );

    let answer = run(&php, &deaf, vec![b'y'; 4_000_000]).await.unwrap();

    assert_eq!(answer.body.len(), 2_000_000);
}

#[tokio::test]
async fn requests_run_at_once() {
    let folder = short_folder();
    let php = PhpFpm::start(folder.path(), &PhpSettings::default())
        .await
        .unwrap();
    // Each of the two waits for the other: one after the other could never end.
    let meeting = script(
        folder.path(),
        "meeting.php",
        "<?php $me = file_get_contents('php://input'); $other = $me === 'a' ? 'b' : 'a';
         touch(__DIR__ . \"/$me.here\");
         while (!file_exists(__DIR__ . \"/$other.here\")) { usleep(1000); clearstatcache(); }
         echo \"$me met $other\";",
    );

    let (one, other) = tokio::join!(
        run(&php, &meeting, b"a".to_vec()),
        run(&php, &meeting, b"b".to_vec())
    );

    assert_eq!(one.unwrap().body, b"a met b");
    assert_eq!(other.unwrap().body, b"b met a");
}

#[tokio::test]
async fn a_worker_that_dies_is_an_error_and_not_a_hang() {
    let folder = short_folder();
    let php = PhpFpm::start(folder.path(), &PhpSettings::default())
        .await
        .unwrap();
    let dies = script(
        folder.path(),
        "dies.php",
        "<?php posix_kill(getmypid(), 9); sleep(60);",
    );

    let error = run(&php, &dies, Vec::new()).await.unwrap_err();

    assert!(matches!(error, FastCgiError::CutShort), "{error}");
}

#[tokio::test]
async fn environment_and_settings_reach_php() {
    let folder = short_folder();
    let mut settings = PhpSettings::default();
    settings
        .environment
        .insert("https_proxy".into(), "http://127.0.0.1:9".into());
    settings
        .ini
        .insert("curl.cainfo".into(), "/tmp/authority.pem".into());
    let php = PhpFpm::start(folder.path(), &settings).await.unwrap();
    let show = script(
        folder.path(),
        "show.php",
        "<?php echo getenv('https_proxy'), ' ', ini_get('curl.cainfo');",
    );

    let answer = run(&php, &show, Vec::new()).await.unwrap();

    assert_eq!(
        String::from_utf8_lossy(&answer.body),
        "http://127.0.0.1:9 /tmp/authority.pem"
    );
}

#[tokio::test]
async fn nothing_runs_after_drop_even_with_a_request_under_way() {
    let folder = short_folder();
    let php = PhpFpm::start(folder.path(), &PhpSettings::default())
        .await
        .unwrap();
    let waits = script(
        folder.path(),
        "waits.php",
        "<?php touch(__DIR__ . '/waiting'); while (true) { usleep(1000); }",
    );
    let socket = php.socket().to_owned();
    let request = FastCgiRequest {
        params: vec![
            ("REQUEST_METHOD".into(), "GET".into()),
            ("SCRIPT_FILENAME".into(), waits.display().to_string()),
        ],
        body: Vec::new(),
    };
    let under_way = tokio::spawn(async move { fastcgi::send(&socket, &request, LIMIT).await });
    while !folder.path().join("waiting").exists() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let mut processes = children(php.process_id());
    assert!(
        !processes.is_empty(),
        "a worker should be running the request"
    );
    processes.push(php.process_id());

    drop(php);

    let left: Vec<_> = processes.into_iter().filter(|id| lives(*id)).collect();
    assert!(left.is_empty(), "still running: {left:?}");
    assert!(under_way.await.unwrap().is_err());
}

#[tokio::test]
async fn absent_php_is_explained_with_what_to_install() {
    let folder = short_folder();
    let settings = PhpSettings {
        program: Some("/nowhere/php-fpm".into()),
        ..PhpSettings::default()
    };

    let error = PhpFpm::start(folder.path(), &settings).await.unwrap_err();

    assert!(matches!(error, EmulatorError::PhpFpmMissing { .. }));
    let text = error.to_string();
    assert!(text.contains("/nowhere/php-fpm is no file"), "{text}");
    assert!(
        text.contains("apt-get install php-fpm php-cli php-curl php-sqlite3"),
        "{text}"
    );
    assert!(text.contains("CAUSEWAY_PHP_FPM"), "{text}");
}

#[tokio::test]
async fn a_setting_that_php_refuses_is_shown_with_its_log() {
    let folder = short_folder();
    let mut settings = PhpSettings::default();
    settings
        .environment
        .insert("broken".into(), "a \"quote\"".into());

    let error = PhpFpm::start(folder.path(), &settings).await.unwrap_err();

    assert!(error.to_string().contains("env[broken]"), "{error}");
}

/// When this process is killed it cannot clean up; the kernel ends php-fpm in its place.
#[cfg(target_os = "linux")]
#[test]
fn php_ends_when_the_process_that_started_it_is_killed() {
    let folder = short_folder();
    let mut holder = Command::new(std::env::current_exe().unwrap())
        .env(HOLDER_FOLDER, folder.path())
        .args([
            "--exact",
            "emulator_php::holds_php_until_killed",
            "--ignored",
            "--nocapture",
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(holder.stdout.take().unwrap()).lines();
    let process_id: u32 = lines
        .map(Result::unwrap)
        .find_map(|line| line.split_once("php-fpm runs as ")?.1.trim().parse().ok())
        .unwrap();
    let start = Instant::now();
    let mut processes = children(process_id);
    while processes.is_empty() {
        assert!(
            start.elapsed() < LIMIT,
            "php-fpm {process_id} has no workers"
        );
        std::thread::sleep(Duration::from_millis(2));
        processes = children(process_id);
    }
    processes.push(process_id);

    holder.kill().unwrap();
    holder.wait().unwrap();

    let start = Instant::now();
    while processes.iter().any(|id| lives(*id)) {
        assert!(
            start.elapsed() < LIMIT,
            "php-fpm {process_id} outlived its starter"
        );
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[tokio::test]
#[ignore = "only as the process that the test above kills"]
async fn holds_php_until_killed() {
    let folder = std::env::var_os(HOLDER_FOLDER).expect("started by the test above");
    let php = PhpFpm::start(Path::new(&folder), &PhpSettings::default())
        .await
        .unwrap();
    println!("php-fpm runs as {}", php.process_id());
    std::future::pending::<()>().await;
}
