<?php

namespace WHMCS;

use Emulator\Navigation;
use Emulator\PageHooks;
use Emulator\Templates;

/** A page of the client area that a module or an addon makes itself. */
class ClientArea
{
    /** @var array<string, mixed> */
    private $variables = ['pagetitle' => '', 'displayTitle' => '', 'tagline' => '', 'breadcrumb' => []];
    /** @var string */
    private $template = '';

    public function setPageTitle($title)
    {
        $this->variables['pagetitle'] = $this->variables['displayTitle'] = (string) $title;

        return $this;
    }

    public function setDisplayTitle($title)
    {
        $this->variables['displayTitle'] = (string) $title;

        return $this;
    }

    public function setTagLine($line)
    {
        $this->variables['tagline'] = (string) $line;

        return $this;
    }

    public function addToBreadCrumb($link, $text)
    {
        $this->variables['breadcrumb'][] = ['link' => $link, 'label' => $text];

        return $this;
    }

    public function initPage()
    {
    }

    public function isLoggedIn()
    {
        return !empty($_SESSION['uid']);
    }

    public function getUserID()
    {
        return (int) ($_SESSION['uid'] ?? 0);
    }

    public function requireLogin()
    {
        if (!$this->isLoggedIn()) {
            \App::redirect('/login.php');
        }
    }

    public function assign($name, $value = null)
    {
        $this->variables = (is_array($name) ? $name : [$name => $value]) + $this->variables;

        return $this;
    }

    public function setTemplate($name)
    {
        $this->template = (string) $name;

        return $this;
    }

    /** The template is a file of WHMCS's folder or of a module; those of WHMCS's own theme are not here. */
    public function output()
    {
        global $_LANG;
        $variables = PageHooks::variables('', $this->variables + Navigation::ofPage(null, null) + ['LANG' => $_LANG, 'loggedin' => $this->isLoggedIn()]);
        echo PageHooks::output('ClientAreaHeadOutput', $variables);
        $name = preg_replace('/\.tpl$/', '', ltrim($this->template, '/'));
        foreach ([ROOTDIR . "/$name.tpl", ROOTDIR . '/templates/' . Config\Setting::getValue('Template') . "/$name.tpl"] as $file) {
            if (is_file($file)) {
                echo Templates::renderFile($file, $variables);
                break;
            }
        }
        echo PageHooks::output('ClientAreaFooterOutput', $variables);
    }

    public function __call($method, $arguments)
    {
        \Emulator\Missing::report(\Emulator\Missing::METHOD, self::class . "::$method");
        throw new \BadMethodCallException("the emulator lacks $method on a client area page");
    }
}
