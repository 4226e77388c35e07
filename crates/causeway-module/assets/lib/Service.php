<?php

namespace WHMCS\Module\Server\__NAME__;

/** One purchased service or product addon, as WHMCS hands it over. */
final class Service
{
    /** @var array */
    private $params;
    /** @var object|null the service's model, or the addon's */
    private $model;
    /** @var array the model's database columns */
    private $row;

    public function __construct(array $params)
    {
        $this->params = $params;
        $this->model = is_object($params['model'] ?? null) ? $params['model'] : null;
        $this->row = $this->model !== null && method_exists($this->model, 'getAttributes') ? $this->model->getAttributes() : [];
    }

    public function isAddon(): bool
    {
        return (int) ($this->params['addonId'] ?? 0) > 0;
    }

    /** The service's name in every conversation with the gateway. */
    public function reference(): string
    {
        return $this->isAddon() ? 'addon-' . (int) $this->params['addonId'] : 'service-' . (int) ($this->params['serviceid'] ?? 0);
    }

    /** Everything that the gateway may need for an operation. */
    public function request(string $operation): array
    {
        return [
            'definition' => Settings::NAME,
            'operation' => $operation,
            'deadline_ms' => 18000,
            'reference' => $this->reference(),
            'service' => $this->about(),
            'domain' => self::text($this->params['domain'] ?? ''),
            'username' => self::text($this->params['username'] ?? ''),
            'password' => self::text($this->params['password'] ?? ''),
            'client' => $this->client(),
            'options' => (object) $this->options(),
            'configurable_options' => (object) self::texts($this->params['configoptions'] ?? []),
            'custom_fields' => (object) self::texts($this->params['customfields'] ?? []),
            'properties' => (object) array_filter($this->properties(), 'strlen'),
            'caller' => self::caller($this->params),
        ];
    }

    /** Who asks, for the gateway's journal. */
    public static function caller(array $params): array
    {
        return [
            'billing_system' => 'whmcs',
            'billing_version' => self::text($params['whmcsVersion'] ?? ''),
            'module_version' => Settings::VERSION,
            'php_version' => PHP_VERSION,
        ];
    }

    /** What must never be read in a log. */
    public function secrets(): array
    {
        $secrets = [];
        foreach (['password', 'serverpassword', 'serveraccesshash'] as $name) {
            $secrets[] = $this->params[$name] ?? '';
        }
        $secrets[] = $this->params['clientsdetails']['password'] ?? '';
        $kept = $this->options() + $this->properties() + self::texts($this->params['configoptions'] ?? []);
        foreach (Settings::SECRETS as $name) {
            $secrets[] = $kept[$name] ?? '';
        }
        return $secrets;
    }

    /** What WHMCS has saved for the service, by property name; '' for what is not there. */
    public function properties(): array
    {
        $properties = [];
        foreach (Settings::PROPERTIES as $name => $label) {
            $properties[$name] = $this->model === null ? '' : self::text($this->model->serviceProperties->get($label));
        }
        return $properties;
    }

    /** Saves what changed; what the gateway no longer keeps is emptied, but only on its word that the operation succeeded. */
    public function save(array $answer): void
    {
        $kept = is_array($answer['properties'] ?? null) ? $answer['properties'] : [];
        $succeeded = $answer['status'] === 'succeeded';
        $saved = $this->properties();
        $changes = [];
        foreach ($kept + ($succeeded ? $saved : []) as $name => $ignored) {
            $value = self::text($kept[$name] ?? '');
            if ($value !== ($saved[$name] ?? '')) {
                $changes[Settings::PROPERTIES[$name] ?? $name] = $value;
            }
        }
        if ($changes === []) {
            return;
        }
        try {
            if ($this->model === null) {
                throw new \RuntimeException('WHMCS did not hand over the service');
            }
            $this->model->serviceProperties->save($changes);
        } catch (\Throwable $error) {
            throw new GatewayError(Settings::TITLE . ' has done this (' . self::listed($kept) . '), but WHMCS could not save it: '
                . $error->getMessage() . '. Nothing is lost: run the same command again and the same values are delivered again.');
        }
    }

    private function about(): array
    {
        $product = null;
        if ($this->model !== null) {
            $product = $this->isAddon() ? $this->model->productAddon : $this->model->product;
        }
        $client = $this->params['clientsdetails'] ?? [];
        return [
            'status' => self::text($this->row[$this->isAddon() ? 'status' : 'domainstatus'] ?? $this->params['status'] ?? ''),
            'product_id' => self::text($this->isAddon() ? $this->row['addonid'] ?? '' : $this->params['pid'] ?? ''),
            'product_name' => self::readable(is_object($product) ? $product->name : ''),
            'billing_cycle' => self::text($this->row['billingcycle'] ?? ''),
            'next_due_date' => self::text($this->row['nextduedate'] ?? ''),
            'registration_date' => self::text($this->row['regdate'] ?? ''),
            'amount' => self::text($this->row[$this->isAddon() ? 'recurring' : 'amount'] ?? ''),
            'currency' => self::text($client['currency_code'] ?? $client['currency'] ?? ''),
            'is_addon' => $this->isAddon(),
        ];
    }

    private function client(): array
    {
        $details = $this->params['clientsdetails'] ?? [];
        $client = ['id' => self::text($details['id'] ?? $details['userid'] ?? $this->params['userid'] ?? '')];
        $names = ['uuid', 'firstname', 'lastname', 'fullname', 'companyname', 'email', 'address1', 'address2', 'city', 'state',
            'postcode', 'country', 'phonenumber', 'language'];
        foreach ($names as $name) {
            $client[$name] = self::readable($details[$name] ?? '');
        }
        $client['currency'] = self::text($details['currency_code'] ?? $details['currency'] ?? '');
        $fields = [];
        foreach (is_array($details['customfields'] ?? null) ? $details['customfields'] : [] as $position => $field) {
            // WHMCS lists client fields as id and value, or by their names.
            $fields[$field['id'] ?? $position] = self::readable($field['value'] ?? $field);
        }
        return $client + ['custom_fields' => (object) $fields];
    }

    private function options(): array
    {
        $options = [];
        foreach (array_keys(Settings::OPTIONS) as $position => $name) {
            $options[$name] = self::text($this->params['configoption' . ($position + 1)] ?? '');
        }
        return $options;
    }

    private static function texts($values): array
    {
        return array_map([self::class, 'readable'], is_array($values) ? $values : []);
    }

    /** What a person typed: WHMCS keeps it with HTML entities, and no vendor wants them. @param mixed $value */
    private static function readable($value): string
    {
        return html_entity_decode(self::text($value), ENT_QUOTES, 'UTF-8');
    }

    /** @param mixed $value */
    public static function text($value): string
    {
        if (is_bool($value)) {
            return $value ? 'true' : 'false';
        }
        if (is_scalar($value) || $value === null || (is_object($value) && method_exists($value, '__toString'))) {
            return (string) $value;
        }
        return (string) json_encode($value, JSON_INVALID_UTF8_SUBSTITUTE | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);
    }

    private static function listed(array $kept): string
    {
        $parts = [];
        foreach ($kept as $name => $value) {
            $shown = in_array($name, Settings::SECRETS, true) ? Log::MASK : self::text($value);
            $parts[] = (Settings::PROPERTIES[$name] ?? $name) . ': ' . $shown;
        }
        return $parts === [] ? 'nothing is kept any more' : implode(', ', $parts);
    }
}
