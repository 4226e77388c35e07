<?php

/**
 * The few things of WHMCS that a module touches, just enough to call one of its functions and tell what it did.
 * Reads a case from stdin as JSON and prints what happened as JSON:
 *   {module, function, params, saved, row, save_fails, servers, operations_of, bad_utf8}
 *   → {returned, threw, printed, saved, saves, log, activity, api}
 */

namespace WHMCS\Database {
    final class Capsule
    {
        public static $rows = [];

        public static function table($name)
        {
            if ($name !== 'tblservers') {
                throw new \RuntimeException("no table $name here");
            }
            return new Query(self::$rows);
        }
    }

    final class Query
    {
        private $rows;

        public function __construct(array $rows)
        {
            $this->rows = $rows;
        }

        public function where($column, $value)
        {
            return new self(array_filter($this->rows, function ($row) use ($column, $value) {
                return $row[$column] == $value;
            }));
        }

        public function get()
        {
            return array_map(function ($row) {
                return (object) $row;
            }, array_values($this->rows));
        }
    }
}

namespace WHMCS\Service {
    class Service
    {
        public static $case = [];
        public $product;
        public $productAddon;
        public $serviceProperties;

        public function __construct()
        {
            $this->product = (object) ['name' => 'ShieldPress &amp; more'];
            $this->productAddon = (object) ['name' => 'ShieldPress addon'];
            $this->serviceProperties = $this;
        }

        public static function find($id)
        {
            return in_array($id, self::$case['known'] ?? [17, 4], true) ? new static() : null;
        }

        public function getAttributes()
        {
            return self::$case['row'] ?? [];
        }

        public function get($label)
        {
            return self::$case['saved'][$label] ?? '';
        }

        public function save(array $values)
        {
            if (self::$case['save_fails'] ?? false) {
                throw new \RuntimeException('table tblcustomfieldsvalues is read only');
            }
            self::$case['saves'][] = $values;
            self::$case['saved'] = $values + (self::$case['saved'] ?? []);
        }
    }

    final class Addon extends Service
    {
    }
}

namespace {
    use WHMCS\Database\Capsule;
    use WHMCS\Service\Service;

    error_reporting(E_ALL);
    set_error_handler(function ($level, $message, $file, $line) {
        throw new ErrorException($message, 0, $level, $file, $line);
    });
    define('WHMCS', true);

    final class Seen
    {
        public static $log = [];
        public static $activity = [];
        public static $api = [];
        public static $hooks = [];
        public static $apiResult = ['result' => 'success'];
    }

    function logModuleCall($module, $action, $request, $response, $processed = null, $replaceVars = [])
    {
        Seen::$log[] = ['module' => $module, 'action' => $action, 'request' => $request, 'response' => $response,
            'processed' => $processed, 'replace_vars' => $replaceVars];
    }

    function logActivity($text)
    {
        Seen::$activity[] = $text;
    }

    function localAPI($command, $values)
    {
        Seen::$api[] = [$command, $values];
        return Seen::$apiResult;
    }

    function add_hook($name, $priority, $callable)
    {
        Seen::$hooks[$name][] = $callable;
    }

    function decrypt($text)
    {
        return strpos($text, 'sealed:') === 0 ? substr($text, 7) : '';
    }

    $case = json_decode(stream_get_contents(STDIN), true);
    Service::$case = $case + ['saves' => []];
    Capsule::$rows = $case['servers'] ?? [];
    Seen::$apiResult = $case['api_result'] ?? Seen::$apiResult;
    $params = $case['params'] ?? [];
    if (!empty($case['bad_utf8'])) {
        $params['clientsdetails']['lastname'] = "M\xFCller";
    }
    if (empty($case['no_model'])) {
        $params['model'] = empty($params['addonId']) ? new Service() : new WHMCS\Service\Addon();
    }
    $happened = ['returned' => null, 'threw' => null];
    ob_start();
    try {
        if ($case['function'] === 'AfterCronJob') {
            require $case['module'] . '/hooks.php';
            foreach (Seen::$hooks['AfterCronJob'] as $hook) {
                $hook([]);
            }
        } else {
            require $case['module'] . '/' . basename($case['module']) . '.php';
            $function = basename($case['module']) . '_' . $case['function'];
            $happened['returned'] = $function($params);
        }
    } catch (Throwable $error) {
        $happened['threw'] = get_class($error) . ': ' . $error->getMessage() . ' in ' . $error->getFile() . ':' . $error->getLine();
    }
    $happened += ['printed' => ob_get_clean(), 'saved' => (object) (Service::$case['saved'] ?? []), 'saves' => Service::$case['saves'],
        'log' => Seen::$log, 'activity' => Seen::$activity, 'api' => Seen::$api, 'hooks' => array_keys(Seen::$hooks)];
    echo json_encode($happened, JSON_INVALID_UTF8_SUBSTITUTE | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);
}
