<?php

namespace WHMCS\Module\Server\NimbusBackup;

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

/** The one account at Nimbus Backup that belongs to a service: whatever is asked of it, it is looked for first. */
final class Account
{
    /** @var array */
    private $params;
    /** @var Api */
    private $api;

    private function __construct(array $params, Api $api)
    {
        $this->params = $params;
        $this->api = $api;
    }

    public static function of(array $params): self
    {
        return new self($params, Api::forOperation($params));
    }

    /** For pages, which must not wait long. */
    public static function ofPage(array $params): self
    {
        return new self($params, Api::forPage($params));
    }

    public static function serviceIdOf($reference): ?int
    {
        return preg_match('/^whmcs-(\d+)$/', (string) $reference, $match) === 1 ? (int) $match[1] : null;
    }

    /** Safe to call again after an unknown outcome: an account that is there already is used, and brought to what was ordered. */
    public function create(): void
    {
        $password = $this->password();
        $found = $this->find() ?? $this->createOnce($password);
        if (($found['plan'] ?? '') !== $this->plan()) {
            $found = $this->change($found, ['plan' => $this->plan()]);
        }
        if (($found['status'] ?? '') === 'suspended') {
            $found = $this->act($found, 'unsuspend', 'active');
        }
        $this->properties()->save([
            'Nimbus Account' => (string) $found['id'],
            'Nimbus Restore Key' => (string) ($found['restore_key'] ?? ''),
            'Username' => (string) ($found['email'] ?? ''),
        ]);
    }

    public function suspend(): void
    {
        $this->act($this->mustBeThere(), 'suspend', 'suspended');
    }

    public function unsuspend(): void
    {
        $this->act($this->mustBeThere(), 'unsuspend', 'active');
    }

    /** What is gone already is what was wanted. The account's id stays saved: it makes the next create's key another one. */
    public function terminate(): void
    {
        foreach ($this->all() as $found) {
            $this->api->delete('/accounts/' . rawurlencode((string) $found['id']));
        }
        $this->properties()->save(['Nimbus Restore Key' => '']);
    }

    public function changePlan(): void
    {
        $this->change($this->mustBeThere(), ['plan' => $this->plan()]);
    }

    public function changePassword(): void
    {
        $this->change($this->mustBeThere(), ['password' => (string) $this->params['password']]);
    }

    public function loginAddress(): string
    {
        $answer = $this->api->post('/accounts/' . rawurlencode((string) $this->mustBeThere()['id']) . '/login-link', []);
        $address = $answer['url'] ?? null;
        if (!is_string($address) || preg_match('~^https://[^\s]+$~D', $address) !== 1) {
            throw new ApiError('Nimbus Backup gave no address to log in at. Try again later.');
        }

        return $address;
    }

    public function find(): ?array
    {
        return $this->all()[0] ?? null;
    }

    private function all(): array
    {
        $found = $this->api->list('/accounts?reference=' . rawurlencode($this->reference()));
        foreach ($found as $account) {
            if (($account['reference'] ?? null) !== $this->reference()) {
                throw new ApiError('Nimbus Backup answered with the account of another service. Ask Nimbus Backup before trying again.');
            }
        }

        return $found;
    }

    private function createOnce(string $password): array
    {
        $client = $this->params['clientsdetails'];
        try {
            $created = $this->api->post('/accounts', [
                'reference' => $this->reference(),
                'email' => (string) $client['email'],
                'name' => trim(($client['firstname'] ?? '') . ' ' . ($client['lastname'] ?? '')),
                'company' => (string) ($client['companyname'] ?? ''),
                'domain' => (string) ($this->params['domain'] ?? ''),
                'password' => $password,
                'plan' => $this->plan(),
                'region' => (string) ($this->params['configoption2'] ?? ''),
            ], ['Idempotency-Key: ' . $this->idempotencyKey()]);
        } catch (ApiError $error) {
            // A second request at the same time may have been faster.
            $created = $error->getCode() === 409 ? $this->find() : null;
            if ($created === null) {
                throw $error;
            }
        }
        if (($created['reference'] ?? null) !== $this->reference() || !isset($created['id'])) {
            throw new ApiError('Nimbus Backup answered, but not with the new account. Run Create again: an account that was made is found and used.');
        }

        return $created;
    }

    private function change(array $account, array $values): array
    {
        $changed = $this->api->patch('/accounts/' . rawurlencode((string) $account['id']), $values);
        if (($changed['id'] ?? null) !== $account['id'] || (isset($values['plan']) && ($changed['plan'] ?? null) !== $values['plan'])) {
            throw new ApiError('Nimbus Backup answered, but not with the changed account. Try again later.');
        }

        return $changed + $account;
    }

    private function act(array $account, string $action, string $status): array
    {
        $changed = $this->api->post('/accounts/' . rawurlencode((string) $account['id']) . '/' . $action, []);
        if (($changed['status'] ?? null) !== $status) {
            throw new ApiError("Nimbus Backup answered, but the account is not $status. Try again later.");
        }

        return $changed + $account;
    }

    private function mustBeThere(): array
    {
        $found = $this->find();
        if ($found === null) {
            throw new ApiError('Nimbus Backup has no account for this service. Run Create first.');
        }

        return $found;
    }

    private function reference(): string
    {
        $addonId = (int) ($this->params['addonId'] ?? 0);

        return $addonId > 0 ? "whmcs-addon-$addonId" : 'whmcs-' . (int) $this->params['serviceid'];
    }

    /** The same for every try of one creation, another one after the account was terminated. */
    private function idempotencyKey(): string
    {
        $former = (string) $this->properties()->get('Nimbus Account');

        return $this->reference() . '-after-' . ($former === '' ? 'none' : $former);
    }

    private function plan(): string
    {
        $plan = trim((string) ($this->params['configoption1'] ?? ''));
        if ($plan === '') {
            throw new ApiError('The product has no plan. Choose one on the tab Module Settings of the product.');
        }

        return $plan;
    }

    /** An addon comes without a password: one is made, and saved before it is used. */
    private function password(): string
    {
        $password = (string) ($this->params['password'] ?? '');
        if ($password === '') {
            $password = (string) $this->properties()->get('Password');
        }
        if ($password === '') {
            $password = bin2hex(random_bytes(12));
            $this->properties()->save(['Password' => $password]);
        }

        return $password;
    }

    private function properties()
    {
        return $this->params['model']->serviceProperties;
    }
}
