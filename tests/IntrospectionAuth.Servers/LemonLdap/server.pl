# lemonldap-ng, an authorization server of others: its own portal, with its files in the folder that is the argument.
use strict;
use warnings;
use IO::Socket::INET;
use JSON;
use Plack::Loader;

# The portal loads a captcha that it never shows. Its own one needs a graphics library.
package NoCaptcha {
    $INC{'NoCaptcha.pm'} = __FILE__;
    sub new { return bless {}, shift }
    sub init { return 1 }
}

my $folder = shift or die "Usage: server.pl FOLDER\n";
my $socket = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 0, Listen => 1, ReuseAddr => 1) or die $!;
my $port = $socket->sockport;
close $socket;
my $url = "http://127.0.0.1:$port";

sub write_file {
    my ($name, $text) = @_;
    open my $file, '>', "$folder/$name" or die $!;
    print $file $text;
    close $file;
}

mkdir "$folder/$_" for qw(conf sessions sessions/lock persistent persistent/lock oidc oidc/lock cache);
my $key = `openssl genrsa 2048 2>/dev/null`;
write_file('key.pem', $key);
my $public = `openssl rsa -in $folder/key.pem -pubout 2>/dev/null`;

my %client = (oidcRPMetaDataOptionsBypassConsent => 1, oidcRPMetaDataOptionsIDTokenSignAlg => 'RS256');
my %clients = map {
    $_ => {
        %client,
        oidcRPMetaDataOptionsClientID => $_,
        oidcRPMetaDataOptionsClientSecret => "$_-secret",
        oidcRPMetaDataOptionsAllowPasswordGrant => 1,
        oidcRPMetaDataOptionsAllowClientCredentialsGrant => 1,
        oidcRPMetaDataOptionsRefreshToken => 1,
    }
} qw(api app);

write_file('conf/lmConf-1.json', encode_json({
    cfgNum => 1,
    cfgDate => time,
    captcha => 'NoCaptcha',
    domain => '127.0.0.1',
    portal => "$url/",
    authentication => 'Demo',
    userDB => 'Same',
    passwordDB => 'Demo',
    demoExportedVars => { cn => 'cn', mail => 'mail', uid => 'uid' },
    requireToken => 0,
    timeout => 3600,
    key => 'qwertyui',
    whatToTrace => 'uid',
    globalStorage => 'Apache::Session::File',
    globalStorageOptions => { Directory => "$folder/sessions", LockDirectory => "$folder/sessions/lock" },
    persistentStorage => 'Apache::Session::File',
    persistentStorageOptions => { Directory => "$folder/persistent", LockDirectory => "$folder/persistent/lock" },
    issuerDBOpenIDConnectActivation => 1,
    issuerDBOpenIDConnectPath => '^/oauth2/',
    issuerDBOpenIDConnectRule => 1,
    oidcServiceMetaDataIssuer => $url,
    oidcServicePrivateKeySig => $key,
    oidcServicePublicKeySig => $public,
    oidcServiceKeyIdSig => 'of-a-test',
    oidcServiceAllowAuthorizationCodeFlow => 1,
    oidcRPMetaDataOptions => \%clients,
    oidcRPMetaDataExportedVars => { map { $_ => { name => 'cn', email => 'mail' } } keys %clients },
    oidcRPMetaDataScopeRules => { map { $_ => { read => '$requested' } } keys %clients },
    locationRules => { '127.0.0.1' => { default => 'accept' } },
    exportedHeaders => {},
}));

write_file('lemonldap-ng.ini', <<"END");
[all]
logLevel = error
checkTime = 600
[configuration]
type = File
dirName = $folder/conf
localStorage = Cache::FileCache
localStorageOptions = { 'namespace' => 'of-a-test', 'default_expires_in' => 600, 'cache_root' => '$folder/cache' }
[portal]
staticPrefix = /static
templateDir = /usr/share/lemonldap-ng/portal/templates
languages = en
END

$ENV{LLNG_DEFAULTCONFFILE} = "$folder/lemonldap-ng.ini";
require Lemonldap::NG::Portal::Main;
my $app = Lemonldap::NG::Portal::Main->run({});
my $server = Plack::Loader->load(
    'Standalone',
    host => '127.0.0.1',
    port => $port,
    server_ready => sub { $| = 1; print "Listening on $url\n" },
);
$server->run($app);
