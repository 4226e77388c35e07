<?php

namespace WHMCS\Module\Server\TideDns;

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

use WHMCS\Database\Capsule;

/** The zone of one service, here and at Tide DNS. */
final class Zones
{
    const TABLE = 'mod_tidedns_zones';

    private $params;
    private $tide;

    public function __construct(array $params)
    {
        $this->params = $params;
        $this->tide = new Tide($params);
    }

    /** Can be called again at any time: the zone has our reference at Tide DNS, and is looked for first. */
    public function create(): void
    {
        self::ensureTable();
        $zone = $this->find() ?? $this->add();
        // The name servers are chosen while the zone is built. Until then the order is not done.
        $zone = $this->tide->request('GET', 'zones/' . rawurlencode((string) $zone['id']));
        if (($zone['ref'] ?? null) !== self::reference($this->params)) {
            throw new TideError('Tide DNS answered, but not with the zone of this service. Try again later.');
        }
        $nameservers = is_array($zone['nameservers'] ?? null) ? array_filter($zone['nameservers'], 'is_string') : [];
        if ($nameservers === []) {
            throw new TideError('Tide DNS is still building the zone. Run Create again in a few minutes.');
        }
        Capsule::table(self::TABLE)->updateOrInsert(
            ['reference' => self::reference($this->params)],
            ['zone' => (string) $zone['id'], 'nameservers' => implode(' ', $nameservers)]
        );
        $this->params['model']->serviceProperties->save(['Name Servers' => implode(', ', $nameservers)]);
    }

    public function change(array $values): void
    {
        $zone = $this->existing();
        $changed = $this->tide->request('PUT', 'zones/' . rawurlencode((string) $zone['id']), $values);
        foreach ($values as $name => $value) {
            if (($changed[$name] ?? null) !== $value) {
                throw new TideError('Tide DNS answered, but the zone is not as it was wanted. Try again later.');
            }
        }
    }

    public function delete(): void
    {
        $zone = $this->find();
        if ($zone !== null) {
            $this->tide->request('DELETE', 'zones/' . rawurlencode((string) $zone['id']), null, [204, 404, 410]);
        }
        self::ensureTable();
        Capsule::table(self::TABLE)->where('reference', self::reference($this->params))->delete();
    }

    public function existing(): array
    {
        $zone = $this->find();
        if ($zone === null) {
            throw new TideError('Tide DNS has no zone for this service. Run Create first.');
        }

        return $zone;
    }

    public function limits(): array
    {
        return [
            'records' => (int) ($this->params['configoption1'] ?? 0),
            'dnssec' => ($this->params['configoption2'] ?? '') === 'on',
        ];
    }

    /** What the last create wrote down. */
    public static function saved(array $params)
    {
        self::ensureTable();

        return Capsule::table(self::TABLE)->where('reference', self::reference($params))->first();
    }

    private function find(): ?array
    {
        $answer = $this->tide->request('GET', 'zones?ref=' . rawurlencode(self::reference($this->params)));
        $zones = $answer['zones'] ?? null;
        if (!is_array($zones)) {
            throw new TideError('Tide DNS answered, but not with a list of zones. Try again later.');
        }
        foreach ($zones as $zone) {
            if (is_array($zone) && isset($zone['id']) && ($zone['ref'] ?? null) === self::reference($this->params)) {
                return $zone;
            }
        }

        return null;
    }

    private function add(): array
    {
        $domain = (string) ($this->params['domain'] ?? '');
        if ($domain === '') {
            throw new TideError('The service has no domain, and a zone needs one.');
        }
        try {
            $zone = $this->tide->request('POST', 'zones', [
                'ref' => self::reference($this->params),
                'name' => $domain,
                'contact' => (string) ($this->params['clientsdetails']['email'] ?? ''),
            ] + $this->limits());
        } catch (TideError $error) {
            // Another request may have been faster.
            $zone = $error->getCode() === 409 ? $this->find() : null;
            if ($zone === null) {
                throw $error;
            }
        }
        if (!isset($zone['id'])) {
            throw new TideError('Tide DNS answered, but not with the new zone. Run Create again: a zone that was made is found.');
        }

        return $zone;
    }

    private static function reference(array $params): string
    {
        $addonId = (int) ($params['addonId'] ?? 0);

        return $addonId > 0 ? "addon-$addonId" : 'service-' . (int) $params['serviceid'];
    }

    private static function ensureTable(): void
    {
        if (Capsule::schema()->hasTable(self::TABLE)) {
            return;
        }
        try {
            Capsule::schema()->create(self::TABLE, function ($table) {
                $table->increments('id');
                $table->string('reference', 64)->unique();
                $table->string('zone', 64);
                $table->text('nameservers');
            });
        } catch (\Throwable $error) {
            // Two requests at once: the other one made it.
            if (!Capsule::schema()->hasTable(self::TABLE)) {
                throw $error;
            }
        }
    }
}
