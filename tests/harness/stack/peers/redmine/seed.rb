# The API is on, everything needs a login, and the admin has the key of .env.test.
Setting.rest_api_enabled = "1"
Setting.login_required = "1"
admin = User.find_by_login("admin")
admin.mail = "admin@example.com"
admin.must_change_passwd = false
admin.save!
admin.api_key
Token.where(user_id: admin.id, action: "api").update_all(value: ENV.fetch("REDMINE_KEY", "5f1d7a3e9c2b4d6f8a0e1c3b5d7f9a2c4e6f8b0d"))
