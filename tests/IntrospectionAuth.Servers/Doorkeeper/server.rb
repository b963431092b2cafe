# frozen_string_literal: true

# Doorkeeper, an authorization server of others: its own controllers, with SQLite in the folder that is the argument.
require "rails"
require "active_record/railtie"
require "action_controller/railtie"
require "sqlite3"
require "doorkeeper"
require "puma"

ENV["DATABASE_URL"] = "sqlite3:#{ARGV.fetch(0)}/doorkeeper.sqlite"

class Server < Rails::Application
  config.load_defaults 6.1
  config.eager_load = true
  config.logger = Logger.new(File::NULL)
  config.secret_key_base = "of a test"
  config.hosts.clear
  config.root = ARGV.fetch(0)
end

class User < ActiveRecord::Base; end

Doorkeeper.configure do
  orm :active_record
  default_scopes :read
  optional_scopes :write
  grant_flows %w[password client_credentials]
  use_refresh_token
  resource_owner_authenticator { User.first }
  resource_owner_from_credentials { User.find_by(name: params[:username]) }
  # Every application may introspect every token: by default an application sees only its own.
  allow_token_introspection { |_token, client, authorizing| client || authorizing }
end

Server.initialize!

ActiveRecord::Schema.verbose = false
ActiveRecord::Schema.define do
  create_table(:users) { |t| t.string :name }
  create_table :oauth_applications do |t|
    t.string :name, null: false
    t.string :uid, null: false
    t.string :secret, null: false
    t.text :redirect_uri
    t.string :scopes, null: false, default: ""
    t.boolean :confidential, null: false, default: true
    t.timestamps null: false
  end
  create_table :oauth_access_tokens do |t|
    t.references :resource_owner
    t.references :application, null: false
    t.string :token, null: false
    t.string :refresh_token
    t.integer :expires_in
    t.datetime :revoked_at
    t.datetime :created_at, null: false
    t.string :scopes
    t.string :previous_refresh_token, null: false, default: ""
  end
end

User.create!(name: "alice")
%w[api app].each do |name|
  Doorkeeper::Application.create!(name: name, uid: name, secret: name == "app" ? "app-secret" : "#{name}-secret:+%", redirect_uri: "https://example.com/")
end

# Lets the clock of a token run out, so that no test waits for it.
class ExpireController < ActionController::API
  def create
    Doorkeeper::AccessToken.by_token(params[:token]).update!(created_at: Time.utc(2000))
    head :ok
  end
end

Rails.application.routes.draw do
  use_doorkeeper { skip_controllers :applications, :authorized_applications, :authorizations }
  post "/expire", to: "expire#create"
end

server = Puma::Server.new(Rails.application, Puma::Events.null)
port = server.add_tcp_listener("127.0.0.1", 0).addr[1]
thread = server.run
puts "Listening on http://127.0.0.1:#{port}"
$stdout.flush
thread.join
