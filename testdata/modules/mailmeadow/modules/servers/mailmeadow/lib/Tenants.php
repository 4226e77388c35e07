<?php

namespace WHMCS\Module\Server\MailMeadow;

class Tenants
{
    private array $params;
    private Client $client;

    public function __construct(array $params)
    {
        $this->params = $params;
        $this->client = new Client($params);
    }

    public static function postmaster(array $params): string
    {
        return 'postmaster@' . strtolower($params['domain']);
    }

    public function create(): void
    {
        $tenant = [
            'domain' => strtolower($this->params['domain']),
            'contact' => $this->params['clientsdetails']['email'],
            'postmaster_password' => $this->params['password'],
        ] + $this->size();
        logActivity('MailMeadow: new tenant ' . json_encode($tenant, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE));
        $created = $this->client->request('POST', 'tenants', $tenant);
        if (!isset($created['id'])) {
            throw new \Exception('MailMeadow did not say which tenant it made');
        }
        $this->params['model']->serviceProperties->save([
            'Tenant' => $created['id'],
            'Username' => self::postmaster($this->params),
        ]);
    }

    public function read(): array
    {
        return $this->client->request('GET', $this->path());
    }

    public function delete(): void
    {
        $this->client->request('DELETE', $this->path());
    }

    public function resize(): void
    {
        $this->client->request('PUT', $this->path(), $this->size());
    }

    public function setState(string $state): void
    {
        $this->client->request('PUT', $this->path(), ['state' => $state]);
    }

    public function setPassword(string $password): void
    {
        $this->client->request('PUT', $this->path(), ['postmaster_password' => $password]);
    }

    private function path(): string
    {
        return 'tenants/' . rawurlencode((string) $this->params['model']->serviceProperties->get('Tenant'));
    }

    private function size(): array
    {
        return [
            'mailboxes' => (int) $this->params['configoption1'],
            'quota_gb' => (int) $this->params['configoption2'],
            'archive' => $this->params['configoption3'] === 'on',
        ];
    }
}
