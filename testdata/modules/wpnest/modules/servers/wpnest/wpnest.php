<?php

if (!defined('WHMCS')) {
    header('Location: ../../../index.php');
    exit;
}

if (!class_exists('WpNest')) {
    require_once dirname(__FILE__) . '/class/WpNest.php';
}

function wpnest_MetaData()
{
    return ['DisplayName' => 'WP Nest', 'APIVersion' => '1.1', 'RequiresServer' => true, 'ServiceSingleSignOnLabel' => 'Log in to WordPress'];
}

function wpnest_ConfigOptions()
{
    return [
        'plan' => ['FriendlyName' => 'Plan', 'Type' => 'dropdown', 'Options' => ['egg' => 'Egg', 'bird' => 'Bird'], 'Default' => 'egg'],
        'locale' => ['FriendlyName' => 'Language', 'Type' => 'text', 'Size' => '10', 'Default' => 'en_GB'],
    ];
}

function wpnest_TestConnection(array $params)
{
    try {
        WpNest::api($params)->get('/v1/ping');

        return ['success' => true, 'error' => ''];
    } catch (Exception $e) {
        return ['success' => false, 'error' => ''];
    }
}

function wpnest_CreateAccount(array $params)
{
    $nest = WpNest::api($params);
    $site = $nest->siteOf($params['serviceid']);
    if ($site === null) {
        $site = $nest->post('/v1/sites', [
            'tag' => 'whmcs-' . $params['serviceid'],
            'domain' => $params['domain'],
            'plan' => $params['configoption1'],
            'locale' => $params['configoption2'],
            'admin_email' => $params['clientsdetails']['email'],
            'admin_password' => $params['password'],
        ]);
        logActivity("WP Nest: site {$site['id']} for {$params['domain']}, admin / {$params['password']}", $params['userid']);
    }
    $params['model']->serviceProperties->save(['Site' => $site['id'], 'Admin Address' => '', 'Username' => 'admin']);

    return 'success';
}

function wpnest_SuspendAccount(array $params)
{
    WpNest::api($params)->patch('/v1/sites/' . WpNest::savedSite($params), ['state' => 'asleep']);

    return 'success';
}

function wpnest_UnsuspendAccount(array $params)
{
    WpNest::api($params)->patch('/v1/sites/' . WpNest::savedSite($params), ['state' => 'awake']);

    return 'success';
}

function wpnest_TerminateAccount(array $params)
{
    $nest = WpNest::api($params);
    $site = $nest->siteOf($params['serviceid']);
    if ($site !== null) {
        $nest->delete('/v1/sites/' . $site['id']);
    }

    return 'success';
}

function wpnest_ServiceSingleSignOn(array $params)
{
    try {
        $ticket = WpNest::api($params)->post('/v1/sites/' . WpNest::savedSite($params) . '/tickets', []);

        return ['success' => true, 'redirectTo' => $ticket['address']];
    } catch (Exception $e) {
        return ['success' => false, 'errorMsg' => $e->getMessage()];
    }
}

function wpnest_ClientArea(array $params)
{
    if (isset($_GET['customAction']) && $_GET['customAction'] === 'state') {
        header('Content-Type: application/json');
        echo json_encode(['state' => $params['status']]);
        exit;
    }
    $address = 'https://' . $params['serverhostname'] . '/clients/' . rawurlencode(WpNest::savedSite($params));
    echo '<p>You are taken to <a href="' . htmlspecialchars($address) . '">WP Nest</a>.</p>';
    exit;
}
