<?php
// Before every script: PHP's own http streams know no proxy from the environment. Here they are opened
// with the one that curl is given there.

namespace Causeway\Interceptor;

/**
 * An http or https stream by way of the interceptor. What it holds as an array are the answer's header
 * lines, since it stands where they are looked for: stream_get_meta_data()['wrapper_data'].
 */
final class Stream extends \ArrayObject
{
    private const SCHEMES = ['http', 'https'];

    /** @var resource|null the caller's, set by PHP */
    public $context;

    /** @var resource */
    private $stream;

    public static function takeOver(): void
    {
        foreach (self::SCHEMES as $scheme) {
            stream_wrapper_unregister($scheme);
            stream_wrapper_register($scheme, self::class, STREAM_IS_URL);
        }
    }

    public function stream_open(string $address, string $mode): bool
    {
        $context = $this->context === null
            ? stream_context_create()
            : stream_context_create(
                stream_context_get_options($this->context),
                array_diff_key(stream_context_get_params($this->context), ['options' => 0])
            );
        stream_context_set_option($context, 'http', 'proxy', str_replace('http://', 'tcp://', getenv('http_proxy')));
        stream_context_set_option($context, 'http', 'request_fulluri', true);
        foreach (self::SCHEMES as $scheme) {
            stream_wrapper_restore($scheme);
        }
        try {
            // PHP warns the caller, whose warning it is.
            $stream = @fopen($address, $mode, false, $context);
        } finally {
            self::takeOver();
        }
        if ($stream === false) {
            return false;
        }
        $this->stream = $stream;
        $this->exchangeArray(stream_get_meta_data($stream)['wrapper_data'] ?? []);
        return true;
    }

    /** @return string|false */
    public function stream_read(int $count)
    {
        return fread($this->stream, $count);
    }

    public function stream_eof(): bool
    {
        return feof($this->stream);
    }

    /** @return array<mixed>|false */
    public function stream_stat()
    {
        return fstat($this->stream);
    }

    public function stream_set_option(int $option, int $first, ?int $second): bool
    {
        switch ($option) {
            case STREAM_OPTION_BLOCKING:
                return stream_set_blocking($this->stream, (bool) $first);
            case STREAM_OPTION_READ_TIMEOUT:
                return stream_set_timeout($this->stream, $first, (int) $second);
            default:
                return false;
        }
    }

    /** @return resource */
    public function stream_cast(int $for)
    {
        return $this->stream;
    }

    public function stream_close(): void
    {
        fclose($this->stream);
    }

    public function url_stat(string $address, int $flags): bool
    {
        return false;
    }
}

Stream::takeOver();
