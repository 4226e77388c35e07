<?php

class WpNest
{
    private static $instance;
    private $base;
    private $key;
    private $secrets;

    public static function api(array $params)
    {
        if (self::$instance === null) {
            self::$instance = new WpNest();
        }
        self::$instance->base = 'https://' . $params['serverhostname'];
        self::$instance->key = $params['serveraccesshash'] ?: $params['serverpassword'];
        self::$instance->secrets = [self::$instance->key];
        foreach ([$params['password'] ?? '', $params['serverpassword']] as $secret) {
            array_push(self::$instance->secrets, $secret, trim((string) json_encode($secret), '"'));
        }

        return self::$instance;
    }

    public static function savedSite(array $params)
    {
        return (string) $params['model']->serviceProperties->get('Site');
    }

    public function siteOf($serviceId)
    {
        $answer = $this->get('/v1/sites?tag=whmcs-' . (int) $serviceId);

        return $answer['sites'][0] ?? null;
    }

    public function get($path)
    {
        return $this->request('GET', $path);
    }

    public function post($path, $values)
    {
        return $this->request('POST', $path, $values);
    }

    public function patch($path, $values)
    {
        return $this->request('PATCH', $path, $values);
    }

    public function delete($path)
    {
        return $this->request('DELETE', $path);
    }

    private function request($method, $path, $values = null)
    {
        $curl = curl_init($this->base . $path);
        curl_setopt($curl, CURLOPT_CUSTOMREQUEST, $method);
        curl_setopt($curl, CURLOPT_RETURNTRANSFER, true);
        curl_setopt($curl, CURLOPT_FOLLOWLOCATION, true);
        curl_setopt($curl, CURLOPT_POSTREDIR, CURL_REDIR_POST_ALL);
        curl_setopt($curl, CURLOPT_MAXREDIRS, 5);
        curl_setopt($curl, CURLOPT_CONNECTTIMEOUT, 5);
        curl_setopt($curl, CURLOPT_TIMEOUT, 8);
        curl_setopt($curl, CURLOPT_HTTPHEADER, ['X-Nest-Key: ' . $this->key, 'Content-Type: application/json']);
        if ($values !== null) {
            curl_setopt($curl, CURLOPT_POSTFIELDS, json_encode((object) $values));
        }
        $text = curl_exec($curl);
        $status = curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
        $this->lastStatus = $status;
        logModuleCall('wpnest', "$method $path", $values, $text, '', $this->secrets);
        if ($text === false) {
            throw new Exception('WP Nest: ' . curl_error($curl));
        }
        if ($status == 204) {
            return [];
        }
        $answer = json_decode($text, true);
        if ($status >= 400 || !is_array($answer)) {
            throw new Exception('WP Nest: ' . (isset($answer['message']) ? $answer['message'] : "HTTP $status"));
        }

        return $answer;
    }
}
