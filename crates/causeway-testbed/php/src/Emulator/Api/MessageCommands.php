<?php

namespace Emulator\Api;

use Emulator\Clock;
use Emulator\Database;
use Emulator\Emails;
use Emulator\Hooks;
use Emulator\LocalApi;
use Emulator\Subject;
use Emulator\Templates;
use Emulator\UsageError;

final class MessageCommands
{
    public static function sendEmail(array $values): array
    {
        $name = (string) ($values['messagename'] ?? '');
        $custom = LocalApi::unpack($values['customvars'] ?? []);
        $template = $name === '' ? null : Database::table('tblemailtemplates')->where('name', $name)->where('language', '')->first();
        if ($name !== '' && $template === null) {
            throw new UsageError('Email Template not found');
        }
        if ($template === null && empty($values['customtype'])) {
            throw new UsageError('You must provide either an existing email template name or a custom message type');
        }
        if ($template === null && empty($values['customsubject'])) {
            throw new UsageError('A subject is required for a custom message');
        }
        if ($template === null && empty($values['custommessage'])) {
            throw new UsageError('A message body is required for a custom message');
        }
        [$clientId, $fields] = self::related((string) ($template->type ?? $values['customtype']), (int) ($values['id'] ?? 0));
        $sent = Emails::render($name, $template->subject ?? $values['customsubject'], $template->message ?? $values['custommessage'], $clientId, $custom + $fields);
        if (!$sent) {
            throw new UsageError('Sending Failed. Please see documentation.');
        }

        return [];
    }

    /** @return array{0: int, 1: array} whom it concerns, and the merge fields */
    private static function related(string $type, int $id): array
    {
        $table = ['general' => 'tblclients', 'product' => 'tblhosting', 'invoice' => 'tblinvoices', 'support' => 'tbltickets'][$type] ?? null;
        if ($table === null) {
            throw new UsageError('Invalid message type provided');
        }
        if (!Database::table($table)->where('id', $id)->exists()) {
            throw new UsageError('Sending Failed. Please see documentation.');
        }
        if ($type === 'general') {
            return [$id, []];
        }
        if ($type === 'product') {
            $subject = Subject::find($id);
            return [(int) $subject->service->userid, Emails::serviceFields($subject)];
        }

        return [(int) Database::row($table, $id)->userid, $type === 'invoice' ? Emails::invoiceFields($id) : []];
    }

    public static function sendAdminEmail(array $values): array
    {
        $template = Database::table('tblemailtemplates')->where('name', $values['messagename'] ?? '')->first();
        if ($template === null && (empty($values['customsubject']) || empty($values['custommessage']))) {
            throw new UsageError('Email Template not found');
        }
        $fields = LocalApi::unpack($values['mergefields'] ?? []);
        $subject = $template->subject ?? $values['customsubject'];
        $message = $template->message ?? $values['custommessage'];
        Emails::store(
            0,
            (string) Database::table('tbladmins')->value('email'),
            Templates::renderText($subject, $fields),
            Templates::renderText($message, $fields),
            (string) ($template->name ?? ''),
            Emails::merged($subject . $message, $fields)
        );

        return [];
    }

    public static function getEmailTemplates(array $values): array
    {
        $query = Database::table('tblemailtemplates')->where('language', $values['language'] ?? '')->orderBy('name');
        if (!empty($values['type'])) {
            $query->where('type', $values['type']);
        }
        $rows = [];
        foreach ($query->get(['id', 'name', 'subject', 'custom']) as $row) {
            $rows[] = LocalApi::strings((array) $row);
        }

        return ['totalresults' => count($rows), 'emailtemplates' => ['emailtemplate' => $rows]];
    }

    public static function openTicket(array $values): array
    {
        if (!Database::table('tblticketdepartments')->where('id', (int) ($values['deptid'] ?? 0))->exists()) {
            throw new UsageError('Department ID not found');
        }
        foreach (['subject' => 'Subject is required', 'message' => 'Message is required'] as $name => $error) {
            if (empty($values[$name])) {
                throw new UsageError($error);
            }
        }
        if (empty($values['clientid']) && (empty($values['name']) || empty($values['email']))) {
            throw new UsageError('Name and email address are required if not a client');
        }
        $number = (string) random_int(100000, 999999);
        $code = bin2hex(random_bytes(4));
        $id = Database::insert('tbltickets', [
            'tid' => $number, 'did' => (int) $values['deptid'], 'userid' => (int) ($values['clientid'] ?? 0), 'name' => (string) ($values['name'] ?? ''),
            'email' => (string) ($values['email'] ?? ''), 'c' => $code, 'date' => Clock::now(), 'title' => $values['subject'], 'message' => $values['message'],
            'urgency' => (string) ($values['priority'] ?? 'Medium'), 'lastreply' => Clock::now(), 'service' => isset($values['serviceid']) ? 'S' . $values['serviceid'] : '',
            'admin' => empty($values['admin']) ? '' : 'Ada Admin',
        ]);
        Hooks::run('TicketOpen', ['ticketid' => $id, 'ticketmask' => $number, 'userid' => (int) ($values['clientid'] ?? 0), 'deptid' => (int) $values['deptid'], 'subject' => $values['subject'], 'message' => $values['message']]);

        return ['id' => (string) $id, 'tid' => $number, 'c' => $code];
    }

    public static function addTicketReply(array $values): array
    {
        $ticket = Database::table('tbltickets')->where('id', (int) ($values['ticketid'] ?? 0))->first();
        if ($ticket === null) {
            throw new UsageError('Ticket ID Not Found');
        }
        if (empty($values['message'])) {
            throw new UsageError('Message is required');
        }
        $admin = (string) ($values['adminusername'] ?? '');
        $id = Database::insert('tblticketreplies', [
            'tid' => $ticket->id, 'userid' => (int) ($values['clientid'] ?? 0), 'name' => (string) ($values['name'] ?? ''), 'email' => (string) ($values['email'] ?? ''),
            'date' => Clock::now(), 'message' => $values['message'], 'admin' => $admin,
        ]);
        Database::table('tbltickets')->where('id', $ticket->id)->update(['lastreply' => Clock::now(), 'status' => (string) ($values['status'] ?? ($admin === '' ? 'Customer-Reply' : 'Answered'))]);
        Hooks::run($admin === '' ? 'TicketUserReply' : 'TicketAdminReply', ['ticketid' => (int) $ticket->id, 'replyid' => $id, 'deptid' => (int) $ticket->did, 'subject' => $ticket->title, 'message' => $values['message'], 'priority' => $ticket->urgency, 'status' => $ticket->status]);

        return [];
    }

    public static function getSupportDepartments(array $values): array
    {
        $departments = [];
        foreach (Database::table('tblticketdepartments')->orderBy('id')->get(['id', 'name']) as $row) {
            $open = Database::table('tbltickets')->where('did', $row->id)->where('status', 'Open')->count();
            $departments[] = ['id' => (string) $row->id, 'name' => $row->name, 'awaitingreply' => (string) $open, 'opentickets' => (string) $open];
        }

        return ['totalresults' => count($departments), 'departments' => ['department' => $departments]];
    }
}
